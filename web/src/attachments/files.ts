/** Files: sent, saved, looked at. They are read with the headers of the current organisation, which a link can't send. */
import { addressOf, requestHeaders, send } from '../api/client';
import { ApiProblem } from '../api/problem';
import { dataUrl } from '../api/pictures';
import type { Attachment } from '../api/types';

/** The most that is read to be looked at. */
export const SHOWN_BYTES_MAX = 4_000_000;

export type Shown =
  { kind: 'picture'; address: string } | { kind: 'text'; text: string } | { kind: 'nothing'; why: string };

/** Sends files to an address that takes them in parts named `attachments`. */
export async function upload(path: string, files: readonly File[], canRename = true): Promise<void> {
  const form = new FormData();
  form.append('canRename', String(canRename));
  for (const file of files) form.append('attachments', file, file.name);
  await send(path, { method: 'POST', body: form });
}

/** What came of a file that was brought in, in words. */
export interface Imported {
  /** What is here now, in a sentence. */
  said: string;
  /** What could not be read. */
  failures: readonly { name?: string; message: string }[];
}

/** Brings in one file, in a part of that name, with what else is said of it. */
export async function bringIn<T>(path: string, part: string, file: File, said?: object): Promise<T> {
  const form = new FormData();
  if (said) form.append('_json', JSON.stringify(said));
  form.append(part, file, file.name);
  return (await send<T>(path, { method: 'POST', body: form })).body;
}

async function read(path: string): Promise<Blob> {
  const response = await fetch(path, {
    headers: requestHeaders({ Accept: '*/*' }),
    credentials: 'same-origin',
  });
  if (!response.ok) throw new ApiProblem(response.status, {});
  return response.blob();
}

/** Saves a file on this computer: as it is, or in an archive with the password `malware`. */
export async function save(file: Pick<Attachment, '_id' | 'name'>, sealed: boolean): Promise<void> {
  const query = sealed ? { asZip: true } : {};
  const path = { attachmentId: file._id };
  const content = await read(addressOf('/api/v1/attachment/{attachmentId}/download', { path, query }));
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = sealed ? `${file.name}.zip` : file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

const PICTURES = /^image\/(png|jpeg|gif|webp|bmp|avif)$/;
const TEXTS = /^(text|message)\/|[/+](json|xml|javascript|yaml)$/;

/** Whether there is anything to see of a file without opening it in its own program. */
export const isShowable = ({ contentType, size }: Attachment): boolean =>
  size <= SHOWN_BYTES_MAX && (PICTURES.test(contentType) || TEXTS.test(contentType));

/** What can be seen of a file: a picture, or its text. HTML and SVG are text here. */
export async function look(file: Attachment): Promise<Shown> {
  if (file.size > SHOWN_BYTES_MAX) return { kind: 'nothing', why: 'It is too large to be shown here.' };
  if (!isShowable(file)) return { kind: 'nothing', why: 'There is no preview of files of this type.' };
  const path = { attachmentId: file._id };
  const content = await read(addressOf('/api/v1/attachment/{attachmentId}', { path }));
  if (PICTURES.test(file.contentType)) return { kind: 'picture', address: await dataUrl(content) };
  return { kind: 'text', text: await content.text() };
}

const UNITS = ['B', 'kB', 'MB', 'GB'] as const;

/** A size as people write it: `1.4 MB`. */
export function sizeOf(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= 1_000 && unit < UNITS.length - 1) {
    size /= 1_000;
    unit += 1;
  }
  const digits = unit > 0 && size < 10 ? 1 : 0;
  return `${size.toFixed(digits)} ${UNITS[unit] ?? 'B'}`;
}
