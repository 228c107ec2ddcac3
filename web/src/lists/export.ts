/** A list as a file: the server writes it, the browser saves it. */
import { addressOf, requestHeaders } from '../api/client';
import { ApiProblem, type ProblemBody } from '../api/problem';
import type { Operation } from '../api/query';

/** The lists that can be exported, by the name of their entity. */
const MODELS: Readonly<Record<string, string>> = {
  case: 'Case',
  alert: 'Alert',
  user: 'User',
  organisation: 'Organisation',
  procedure: 'Procedure',
  task: 'Task',
  observable: 'Observable',
};

export const modelOf = (entity: string): string | undefined => MODELS[entity];

export interface ExportOptions {
  format: 'csv' | 'json' | 'txt' | 'misp';
  model: string;
  fileName: string;
  fields?: string[];
  protectData?: boolean;
  delimiter?: string;
}

export interface ExportedFile {
  content: Blob;
  name: string;
  rows: number;
}

export async function exportList(
  query: readonly Operation[],
  options: ExportOptions,
  signal: AbortSignal,
): Promise<ExportedFile> {
  const address = addressOf('/api/v1/export', {
    query: { query: JSON.stringify({ query }), options: JSON.stringify(options) },
  });
  const response = await fetch(address, { headers: requestHeaders(), credentials: 'same-origin', signal });
  if (!response.ok) {
    const body: unknown = await response.json().catch(() => ({}));
    throw new ApiProblem(response.status, body as ProblemBody);
  }
  return {
    content: await response.blob(),
    name: fileNameIn(response.headers.get('Content-Disposition')) ?? `${options.fileName}.${options.format}`,
    rows: Number(response.headers.get('X-Total') ?? 0),
  };
}

/** The name in full (RFC 6266), not its likeness in ASCII for old programs. */
export function fileNameIn(disposition: string | null): string | undefined {
  const name = /filename\*=UTF-8''([^;]*)/.exec(disposition ?? '')?.[1];
  return name === undefined ? undefined : decodeURIComponent(name);
}

/** Offers a file to be saved. */
export function saveFile(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has it by then; at once would be too early for some.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
