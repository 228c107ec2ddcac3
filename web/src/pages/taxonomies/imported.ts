/** What came of an archive of taxonomies, in words. Pure. */
import type { TaxonomyImport } from '../../api/types';
import type { Imported } from '../../attachments/files';

export function importedOf({ imported, errors = [] }: TaxonomyImport): Imported {
  const skipped = imported.filter(({ status }) => status === 'Skipped').length;
  const made = imported.length - skipped;
  const words = `${String(made)} ${made === 1 ? 'taxonomy' : 'taxonomies'} imported`;
  return {
    said: skipped === 0 ? words : `${words}, ${String(skipped)} here already`,
    failures: errors.map(({ file, error }) => ({ name: file, message: error })),
  };
}
