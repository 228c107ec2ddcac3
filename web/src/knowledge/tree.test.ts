import { describe, expect, it } from 'vitest';
import { categoriesOf, found, moves, type Header } from './tree';

const page = (_id: string, category: string, order: number): Header => ({
  _id,
  title: `Page ${_id}`,
  category,
  order,
  _createdAt: 0,
  _createdBy: 'ana@acme.test',
});

const pages = [page('c', 'Second', 2), page('a', 'First', 0), page('b', 'First', 1)];

describe('the tree of pages', () => {
  it('has categories where their first page stands', () => {
    const tree = categoriesOf(pages).map(({ name, pages: own }) => [name, ...own.map(({ _id }) => _id)]);
    expect(tree).toEqual([
      ['First', 'a', 'b'],
      ['Second', 'c'],
    ]);
  });

  it('is searched by title and category', () => {
    const tree = categoriesOf(pages);
    expect(found(tree, 'second').map(({ name }) => name)).toEqual(['Second']);
    expect(found(tree, 'page b')[0]?.pages).toHaveLength(1);
    expect(found(tree, 'nothing')).toEqual([]);
  });

  it('moves a page among its category', () => {
    expect(moves(pages, 'b', -1)).toEqual([
      { id: 'b', order: 0 },
      { id: 'a', order: 1 },
    ]);
    expect(moves(pages, 'a', -1)).toEqual([]);
    expect(moves(pages, 'c', 1)).toEqual([]);
  });
});
