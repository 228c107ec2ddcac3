/** Dashboards as files, to be taken to another organisation or kept. */
import { api } from '../../api/client';
import type { Dashboard } from '../../api/types';
import { read } from '../../dashboards/definition';
import { saveFile } from '../../lists/export';

const TITLE_MOST = 512;

/** The dashboard without what belongs to this installation: who made it, when, and its id. */
export function exportDashboard({ title, description, group, version, definition }: Dashboard): void {
  const text = JSON.stringify({ title, description, group, version, definition }, undefined, 2);
  const content = new Blob([text], { type: 'application/json' });
  saveFile(`${title.replace(/[^\w.-]+/g, '_')}.dashboard.json`, content);
}

/** Makes a private dashboard of what `exportDashboard`, or TheHive, wrote. */
export async function importDashboard(text: string): Promise<Dashboard> {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    throw new Error('This file is no dashboard: it is not JSON.');
  }
  if (typeof file !== 'object' || file === null) throw new Error('This file is no dashboard.');
  const loose = file as Record<string, unknown>;
  // TheHive 4 wrote the definition as text.
  const definition: unknown =
    typeof loose.definition === 'string' ? JSON.parse(loose.definition) : (loose.definition ?? loose);
  const known = read(definition);
  if (known.items.length === 0) throw new Error('This file has no widget that could be shown.');
  const words = (name: string, otherwise: string) =>
    typeof loose[name] === 'string' && loose[name] !== '' ? loose[name] : otherwise;
  return api.post('/api/v1/dashboard', {
    body: {
      title: words('title', 'Imported dashboard').slice(0, TITLE_MOST),
      description: words('description', ''),
      status: 'Private',
      definition: known as unknown as Record<string, unknown>,
    },
  });
}
