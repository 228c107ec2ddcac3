/**
 * Pictures of users and organisations. They are read like everything else, in the
 * current organisation, which an `<img>` alone could not ask for; an address holds the
 * hash of its content, so what was read once stays right.
 */
import { requestHeaders } from './client';

const MOST = 200;
const read = new Map<string, Promise<string | undefined>>();

/** An address the browser can draw, or undefined when there is no such picture here. */
export function picture(path: string): Promise<string | undefined> {
  const known = read.get(path);
  if (known) return known;
  if (read.size >= MOST) forgetOldest();
  const asked = fetchPicture(path);
  read.set(path, asked);
  // A failure may be a passing one: the next look asks again.
  void asked.then((address) => address === undefined && read.delete(path));
  return asked;
}

async function fetchPicture(path: string): Promise<string | undefined> {
  try {
    const response = await fetch(path, { headers: requestHeaders({ Accept: 'image/*' }) });
    return response.ok ? await dataUrl(await response.blob()) : undefined;
  } catch {
    return undefined;
  }
}

/** The content as an address: of the kinds the content security policy allows, the one that needs no request. */
export function dataUrl(content: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(new Error('The file could not be read.'));
    reader.readAsDataURL(content);
  });
}

function forgetOldest(): void {
  const [oldest] = read.keys();
  if (oldest !== undefined) read.delete(oldest);
}
