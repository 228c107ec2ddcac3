/**
 * Markdown as HTML, rendered and sanitised by the server. Texts asked for in the
 * same moment travel in one request; what was rendered once is remembered.
 */
import { api } from './client';

const REMEMBERED = 200;

const known = new Map<string, Promise<string>>();
let waiting: { text: string; resolve: (html: string) => void; reject: (reason: unknown) => void }[] = [];

export function renderMarkdown(text: string): Promise<string> {
  const cached = known.get(text);
  if (cached) return cached;
  const html = new Promise<string>((resolve, reject) => {
    if (waiting.length === 0) queueMicrotask(() => void flush());
    waiting.push({ text, resolve, reject });
  });
  known.set(text, html);
  html.catch(() => known.delete(text));
  const oldest = known.keys().next();
  if (known.size > REMEMBERED && !oldest.done) known.delete(oldest.value);
  return html;
}

async function flush(): Promise<void> {
  const batch = waiting;
  waiting = [];
  try {
    const texts = batch.map(({ text }) => text);
    const { html } = await api.post('/api/skep/v1/markdown', { body: { texts } });
    batch.forEach(({ resolve }, index) => resolve(html[index] ?? ''));
  } catch (thrown) {
    batch.forEach(({ reject }) => reject(thrown));
  }
}
