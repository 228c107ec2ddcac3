/** What came of an archive of analyzer templates, in words. Pure. */
import type { Imported } from '../../../attachments/files';

/** `taken` says of each analyzer whether its template could be. */
export function importedOf(taken: Readonly<Record<string, boolean>>): Imported {
  const names = Object.keys(taken).sort((one, other) => one.localeCompare(other));
  const failed = names.filter((name) => taken[name] !== true);
  const count = names.length - failed.length;
  return {
    said: `${String(count)} analyzer ${count === 1 ? 'template' : 'templates'} imported`,
    failures: failed.map((name) => ({
      name,
      message: 'is empty, no text, or longer than a template may be',
    })),
  };
}
