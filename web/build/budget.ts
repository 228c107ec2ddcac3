/**
 * Fails the build when the UI grows past its budget. The first load is what a
 * browser fetches before any page: the entry chunk and all it imports statically,
 * its styles, and the fonts.
 */
import { gzipSync } from 'node:zlib';
import type { Plugin, Rollup } from 'vite';

const KB = 1000;

export const LIMITS = {
  /** Script of the first load, gzip. */
  firstScript: 120 * KB,
  /** Styles (gzip) and fonts together. */
  stylesAndFonts: 120 * KB,
  /** What one lazily loaded page may add, script and styles, gzip. */
  page: 60 * KB,
  /** Everything, uncompressed. */
  total: 1500 * KB,
};

type Chunk = Rollup.OutputChunk;

export function budget(): Plugin {
  return {
    name: 'skep-budget',
    apply: 'build',
    writeBundle(_options, bundle) {
      const lines = measure(bundle);
      for (const { what, bytes, limit } of lines) {
        this.info(`${what}: ${(bytes / KB).toFixed(1)} of ${limit / KB} kB`);
      }
      const over = lines.filter(({ bytes, limit }) => bytes > limit);
      if (over.length > 0) this.error(`over budget: ${over.map(({ what }) => what).join(', ')}`);
    },
  };
}

interface Line {
  what: string;
  bytes: number;
  limit: number;
}

function measure(bundle: Rollup.OutputBundle): Line[] {
  const chunks = Object.values(bundle).filter((file): file is Chunk => file.type === 'chunk');
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
  const entry = chunks.find((chunk) => chunk.isEntry);
  if (!entry) throw new Error('the build has no entry chunk');

  const first = reachable(entry, byName, new Set());
  const stylesAndFonts = Object.values(bundle)
    .filter((file) => file.type === 'asset')
    .map((file) =>
      file.fileName.endsWith('.woff2') ? size(file) : file.fileName.endsWith('.css') ? gzip(file) : 0,
    )
    .reduce(sum, 0);

  let largestPage: { name: string; bytes: number } = { name: 'none', bytes: 0 };
  for (const chunk of chunks.filter((candidate) => candidate.isDynamicEntry)) {
    const own = [...reachable(chunk, byName, new Set())].filter((part) => !first.has(part));
    const bytes = own.map(gzip).reduce(sum, 0);
    if (bytes > largestPage.bytes) largestPage = { name: chunk.name, bytes };
  }

  return [
    {
      what: 'script of the first load (gzip)',
      bytes: [...first].map(gzip).reduce(sum, 0),
      limit: LIMITS.firstScript,
    },
    { what: 'all styles (gzip) and fonts', bytes: stylesAndFonts, limit: LIMITS.stylesAndFonts },
    { what: `largest page, ${largestPage.name} (gzip)`, bytes: largestPage.bytes, limit: LIMITS.page },
    {
      what: 'everything (plain)',
      bytes: Object.values(bundle).map(size).reduce(sum, 0),
      limit: LIMITS.total,
    },
  ];
}

function reachable(from: Chunk, byName: Map<string, Chunk>, seen: Set<Chunk>): Set<Chunk> {
  if (seen.has(from)) return seen;
  seen.add(from);
  for (const name of from.imports) {
    const next = byName.get(name);
    if (next) reachable(next, byName, seen);
  }
  return seen;
}

type Output = Rollup.OutputChunk | Rollup.OutputAsset;

const content = (file: Output): string | Uint8Array => (file.type === 'chunk' ? file.code : file.source);
const size = (file: Output): number => Buffer.byteLength(content(file));
const gzip = (file: Output): number => gzipSync(content(file), { level: 9 }).length;
const sum = (a: number, b: number): number => a + b;
