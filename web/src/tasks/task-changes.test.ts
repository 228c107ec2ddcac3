import { describe, expect, it } from 'vitest';
import type { Task } from '../api/types';
import { withEffects } from './task-changes';

const task = (more: Partial<Task> = {}): Task => ({
  _id: '~1',
  _type: 'Task',
  _createdBy: 'a@x.org',
  _createdAt: 1,
  extraData: {},
  title: 't',
  group: 'default',
  status: 'Waiting',
  flag: false,
  order: 0,
  mandatory: false,
  ...more,
});

describe('withEffects', () => {
  it('leaves a change without a status alone', () => {
    expect(withEffects(task(), { flag: true }, 'me', 9)).toEqual({ flag: true });
    expect(withEffects(task(), { status: 'Waiting' }, 'me', 9)).toEqual({ status: 'Waiting' });
  });

  it('completes a waiting task from start to end, for whoever does it', () => {
    expect(withEffects(task(), { status: 'Completed' }, 'me', 9)).toEqual({
      status: 'Completed',
      startDate: 9,
      endDate: 9,
      assignee: 'me',
    });
  });

  it('keeps the start and the person of a task that has them', () => {
    const begun = task({ status: 'InProgress', startDate: 3, assignee: 'you' });
    expect(withEffects(begun, { status: 'Completed' }, 'me', 9)).toEqual({ status: 'Completed', endDate: 9 });
    const waiting = task({ assignee: 'you' });
    expect(withEffects(waiting, { status: 'InProgress' }, 'me', 9)).toEqual({
      status: 'InProgress',
      startDate: 9,
      endDate: null,
      assignee: 'you',
    });
  });

  it('takes the end away from a task that goes on', () => {
    const done = task({ status: 'Completed', startDate: 3, endDate: 5, assignee: 'you' });
    expect(withEffects(done, { status: 'Waiting' }, 'me', 9)).toEqual({ status: 'Waiting', endDate: null });
  });
});
