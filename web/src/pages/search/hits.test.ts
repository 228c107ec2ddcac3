import { describe, expect, it } from 'vitest';
import { hitOf, kindLabel } from './hits';

describe('what was found', () => {
  it('is called what people call it, and leads to where it is shown', () => {
    const mine = { _id: '~9', _createdAt: 5, extraData: { case: { _id: '~1', number: 3, title: 'Worm' } } };
    expect(hitOf('Case', { _id: '~1', number: 3, title: 'Worm', _createdAt: 5 })).toEqual({
      title: '#3 - Worm',
      where: '',
      at: 5,
      href: '/cases/3',
    });
    expect(hitOf('Task', { ...mine, title: 'Look' })).toMatchObject({
      title: 'Look',
      where: '#3 - Worm',
      href: '/tasks/~9',
    });
    expect(hitOf('Log', { ...mine, message: 'Seen' })).toMatchObject({ title: 'Seen', href: '/cases/3' });
    const comment = {
      _id: '~8',
      createdAt: 7,
      message: 'Hm',
      extraData: { links: { case: { _id: '~1', number: 3 } } },
    };
    expect(hitOf('Comment', comment)).toMatchObject({ title: 'Hm', at: 7, href: '/cases/3' });
    expect(hitOf('User', { _id: '~2', name: 'Ana', login: 'ana@acme.test' })).toMatchObject({
      title: 'Ana',
      where: 'ana@acme.test',
      href: undefined,
    });
    const observable = { ...mine, dataType: 'domain', data: 'evil.test' };
    expect(hitOf('Observable', observable)).toMatchObject({ title: 'evil[.]test', where: '#3 - Worm' });
    expect(kindLabel('CaseTemplate')).toBe('Case template');
  });
});
