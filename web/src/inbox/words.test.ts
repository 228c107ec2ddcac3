import { describe, expect, it } from 'vitest';
import type { InboxItem } from '../api/types';
import { happening, hrefOf } from './words';

const item: InboxItem = {
  id: '~1',
  kind: 'assigned',
  at: 0,
  actor: 'admin@thehive.local',
  caseId: '~2',
  caseNumber: 7,
  caseTitle: 'Phishing',
};

describe('a notice', () => {
  it('leads to the case, or to the task when it is about one', () => {
    expect(hrefOf(item)).toBe('/cases/7');
    expect(hrefOf({ ...item, kind: 'taskAssigned', taskId: '~3' })).toBe('/cases/7/tasks/~3');
  });

  it('may be about an alert', () => {
    const { caseId: _id, caseNumber: _number, caseTitle: _title, ...rest } = item;
    const ofAlert: InboxItem = { ...rest, alertId: '~9', alertTitle: 'Beacon' };
    expect(hrefOf(ofAlert)).toBe('/alerts/~9');
    expect(happening(ofAlert)).toBe('gave you an alert');
    expect(happening({ ...ofAlert, kind: 'commented' })).toBe('commented on your alert');
  });

  it('says what is due', () => {
    expect(happening({ ...item, kind: 'dueSoon' })).toBe('A case of yours is due soon');
    expect(happening({ ...item, kind: 'dueSoon', taskId: '~3' })).toBe('A task of yours is due soon');
  });
});
