import { describe, expect, it } from 'vitest';
import type { Task, TaskStatus } from '../../api/types';
import { closingOf, confirmLabel, refusal } from './closing';

const task = (title: string, status: TaskStatus, mandatory = false): Task => ({
  _id: title,
  _type: 'Task',
  _createdBy: 'a@x.org',
  _createdAt: 1,
  extraData: {},
  title,
  group: 'default',
  status,
  flag: false,
  order: 0,
  mandatory,
});

describe('closing', () => {
  it('completes what was begun and cancels what was not', () => {
    const tasks = [
      task('a', 'Waiting'),
      task('b', 'InProgress'),
      task('c', 'Completed'),
      task('d', 'Cancel'),
    ];
    const closing = closingOf(tasks);
    expect(closing.completed.map(({ title }) => title)).toEqual(['b']);
    expect(closing.cancelled.map(({ title }) => title)).toEqual(['a']);
    expect(refusal(closing.blocking)).toBeUndefined();
  });

  it('is blocked by mandatory tasks that are not completed, the cancelled ones too', () => {
    const tasks = [task('a', 'Waiting', true), task('b', 'Cancel', true), task('c', 'Completed', true)];
    expect(refusal(closingOf(tasks).blocking)).toBe(
      'The case cannot be closed while a mandatory task is not completed: a, b',
    );
  });

  it('says on the button what goes along', () => {
    expect(confirmLabel([], 1)).toBe('Confirm');
    expect(confirmLabel([task('a', 'Completed'), task('b', 'Cancel')], 1)).toBe('Confirm');
    expect(confirmLabel([task('a', 'Waiting')], 1)).toBe('Close tasks and case');
    expect(confirmLabel([task('a', 'InProgress')], 3)).toBe('Close tasks and cases');
  });
});
