/** Pages in their categories and their order. Pure. */
import type { Page } from '../api/types';

/** A page without its text. */
export type Header = Pick<Page, '_id' | 'title' | 'category' | 'order' | '_createdAt' | '_createdBy'> &
  Partial<Pick<Page, '_updatedAt' | '_updatedBy'>>;

export interface Category {
  name: string;
  pages: Header[];
}

/** Categories stand where their first page stands. */
export function categoriesOf(headers: readonly Header[]): Category[] {
  const categories = new Map<string, Header[]>();
  for (const header of [...headers].sort((a, b) => a.order - b.order)) {
    categories.set(header.category, [...(categories.get(header.category) ?? []), header]);
  }
  return [...categories].map(([name, pages]) => ({ name, pages }));
}

/** Only the pages whose title or category holds what is typed. */
export function found(categories: readonly Category[], typed: string): Category[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...categories];
  return categories
    .map(({ name, pages }) => ({
      name,
      pages: pages.filter(({ title }) => {
        const text = `${name} ${title}`.toLowerCase();
        return words.every((word) => text.includes(word));
      }),
    }))
    .filter(({ pages }) => pages.length > 0);
}

/** The new order of those pages that get another one, when one moves up or down among its category's. */
export function moves(headers: readonly Header[], id: string, by: -1 | 1): { id: string; order: number }[] {
  const categories = categoriesOf(headers);
  const category = categories.find(({ pages }) => pages.some(({ _id }) => _id === id));
  if (!category) return [];
  const from = category.pages.findIndex(({ _id }) => _id === id);
  const to = from + by;
  const [page] = category.pages.splice(from, 1);
  if (!page || to < 0 || to > category.pages.length) return [];
  category.pages.splice(to, 0, page);
  return categories
    .flatMap(({ pages }) => pages)
    .map((header, order) => ({ header, order }))
    .filter(({ header, order }) => header.order !== order)
    .map(({ header, order }) => ({ id: header._id, order }));
}
