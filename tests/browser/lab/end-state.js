/** What the lab leaves behind, asked of the API (section 3 of the walk). */
import assert from 'node:assert/strict';
import { ADMIN, ANALYST, askers, CASE, LOGS, ORGANISATION, SUMMARY, TASKS, tasksOf } from '../harness/lab.js';

export function endState(step, on) {
  step('the case is closed, with its verdict, its people and its dates', async () => {
    const { analyst } = askers(on.url);
    const item = await analyst.get('/api/v1/case/1');
    assert.equal(item.title, CASE.title);
    assert.equal(item.status, 'TruePositive');
    assert.equal(item.stage, 'Closed');
    assert.equal(item.impactStatus, 'NoImpact');
    assert.equal(item.summary, SUMMARY);
    assert.equal(item.assignee, ANALYST.login);
    assert.deepEqual([...item.tags].sort(), [...CASE.tags].sort());
    assert.ok(item.startDate <= item.endDate);
    const [owner] = await analyst.query(
      { _name: 'getCase', idOrName: '1' },
      { _name: 'shares' },
      { _name: 'page', from: 0, to: 10 },
    );
    assert.ok(owner.owner, 'the owning organization');
    assert.equal(owner.organisationName, ORGANISATION.name);
  });

  step('three tasks completed with one note each by the analyst', async () => {
    const { analyst } = askers(on.url);
    const tasks = await tasksOf(analyst, 1);
    assert.deepEqual(
      tasks.map(({ title }) => title),
      TASKS,
    );
    for (const [index, task] of tasks.entries()) {
      assert.equal(task.status, 'Completed');
      assert.equal(task.assignee, ANALYST.login);
      assert.ok(task.startDate <= task.endDate);
      const logs = await analyst.query({ _name: 'getTask', idOrName: task._id }, { _name: 'logs' });
      assert.deepEqual(
        logs.map(({ message, owner }) => ({ message, owner })),
        [{ message: LOGS[index], owner: ANALYST.login }],
      );
    }
  });

  step('one comment by the administrator', async () => {
    const { analyst } = askers(on.url);
    const comments = await analyst.query({ _name: 'getCase', idOrName: '1' }, { _name: 'comments' });
    assert.deepEqual(
      comments.map(({ createdBy }) => createdBy),
      [ADMIN.login],
    );
  });

  step('the audit trail has it all', async () => {
    const { analyst } = askers(on.url);
    const audits = await analyst.query(
      { _name: 'getCase', idOrName: '1' },
      { _name: 'auditsFromContext' },
      { _name: 'sort', _fields: [{ _createdAt: 'asc' }] },
      { _name: 'page', from: 0, to: 100, extraData: [] },
    );
    const count = (action, objectType, of = () => true) =>
      audits.filter((audit) => audit.action === action && audit.objectType === objectType && of(audit))
        .length;
    const sets = (field, value) => (audit) => audit.details?.[field] === value;
    assert.equal(count('create', 'Case'), 1);
    assert.equal(count('create', 'Task'), TASKS.length);
    assert.equal(count('update', 'Case', sets('assignee', ANALYST.login)), 1);
    assert.equal(count('create', 'Comment'), 1);
    assert.equal(count('create', 'Log'), TASKS.length);
    assert.equal(count('update', 'Task', sets('status', 'Completed')), TASKS.length);
    assert.equal(count('update', 'Case', sets('status', 'TruePositive')), 1);
  });

  step('the administrator has two organizations, the analyst one', async () => {
    const { platform } = askers(on.url);
    const memberships = async (login) => (await platform.get(`/api/v1/user/${login}`)).organisations;
    const names = async (login) => (await memberships(login)).map(({ organisation }) => organisation).sort();
    assert.deepEqual(await names(ADMIN.login), [ORGANISATION.name, 'admin'].sort());
    assert.deepEqual(await names(ANALYST.login), [ORGANISATION.name]);
  });

  step('nothing of the organization can be read from the administrator’s', async () => {
    const { platform } = askers(on.url);
    const response = await platform.request('GET', '/api/v1/case/1');
    assert.ok([403, 404].includes(response.status), `answered ${response.status}`);
  });
}
