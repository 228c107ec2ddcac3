/**
 * The catalogs of attack patterns, read once: they change when an administrator imports
 * one. Of a pattern only what the matrix and the choice of a technique show.
 */
import { Query } from '../api/query';
import type { Pattern, Tactic } from '../api/types';

export type Technique = Pick<Pattern, 'patternId' | 'name' | 'tactics' | 'url'>;

export interface Catalogue {
  id: string;
  name: string;
  tactics: readonly Tactic[];
  /** Those that are in use, by their ids. */
  techniques: readonly Technique[];
}

class Catalogs {
  all = $state.raw<readonly Catalogue[]>([]);
  loaded = $state(false);
  private loading: Promise<void> | undefined;

  /** Reads them unless they are there already; what it throws is for the page to tell. */
  load(): Promise<void> {
    this.loading ??= this.read().catch((thrown: unknown) => {
      this.loading = undefined;
      throw thrown;
    });
    return this.loading;
  }

  /** After an import or a deletion. */
  forget(): void {
    this.loading = undefined;
  }

  technique(patternId: string): Technique | undefined {
    for (const { techniques } of this.all) {
      const found = techniques.find((technique) => technique.patternId === patternId);
      if (found) return found;
    }
    return undefined;
  }

  private async read(): Promise<void> {
    const catalogs = await Query.list('listCatalog')
      .sort(['createdAt', 'asc'])
      .page(0, 100, ['tactics'])
      .run();
    this.all = await Promise.all(
      catalogs.map(async ({ _id, name, extraData }) => ({
        id: _id,
        name,
        tactics: (extraData['tactics'] as Tactic[] | undefined) ?? [],
        techniques: await Query.get('getCatalog', _id)
          .then('patterns')
          .filter({ _eq: { _field: 'revoked', _value: false } })
          .sort(['patternId', 'asc'])
          .pick(['patternId', 'name', 'tactics', 'url']),
      })),
    );
    this.loaded = true;
  }
}

export const catalogs = new Catalogs();
