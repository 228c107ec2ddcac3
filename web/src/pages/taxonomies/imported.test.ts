import { describe, expect, it } from 'vitest';
import type { TaxonomyImport } from '../../api/types';
import { importedOf } from './imported';

const taxonomy = (status: 'Success' | 'Skipped'): TaxonomyImport['imported'][number] => ({
  namespace: 'tlp',
  numberOfTags: 4,
  status,
});

describe('an archive of taxonomies', () => {
  it('is told with what was here already', () => {
    expect(importedOf({ imported: [taxonomy('Success')] })).toEqual({
      said: '1 taxonomy imported',
      failures: [],
    });
    expect(
      importedOf({ imported: [taxonomy('Success'), taxonomy('Skipped'), taxonomy('Success')] }).said,
    ).toBe('2 taxonomies imported, 1 here already');
  });

  it('is told with what could not be read', () => {
    const errors = [{ file: 'bad/machinetag.json', error: 'no JSON', status: 'Failure' }];
    expect(importedOf({ imported: [], errors })).toEqual({
      said: '0 taxonomies imported',
      failures: [{ name: 'bad/machinetag.json', message: 'no JSON' }],
    });
  });
});
