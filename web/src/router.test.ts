import { describe, expect, it } from 'vitest';
import { match, type Route } from './router';

const page = () => Promise.reject(new Error('not loaded in this test'));
const route = (path: string): Route => ({ path, title: path, page });
const routes = [route('/cases'), route('/cases/:number/:tab?'), route('/tasks/:id')];

describe('match', () => {
  it('finds the fixed path before the one with parameters', () => {
    expect(match('/cases', routes)?.route.path).toBe('/cases');
    expect(match('/cases/', routes)?.route.path).toBe('/cases');
  });

  it('reads parameters, optional ones only when given', () => {
    expect(match('/cases/12', routes)?.params).toEqual({ number: '12' });
    expect(match('/cases/12/tasks', routes)?.params).toEqual({ number: '12', tab: 'tasks' });
  });

  it('decodes parameters and keeps the tilde of an id', () => {
    expect(match('/tasks/~4%2F2', routes)?.params).toEqual({ id: '~4/2' });
  });

  it('matches nothing else', () => {
    expect(match('/cases/12/tasks/more', routes)).toBeUndefined();
    expect(match('/tasks', routes)).toBeUndefined();
    expect(match('/tasks/%E0%A4%A', routes)).toBeUndefined();
    expect(match('/', routes)).toBeUndefined();
  });
});
