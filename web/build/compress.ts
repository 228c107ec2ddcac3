/**
 * Puts a `.br` and a `.gz` in the place of each text file of the build, so that the server can hand out compressed
 * bytes without compressing anything itself. The few clients that take neither get the `.gz` unpacked. The page itself
 * stays beside them: it shows that there is a UI at all.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin, ResolvedConfig } from 'vite';

const TEXT = /\.(html|js|css|svg|json|txt|map|webmanifest)$/;

/** Files below this size gain nothing from compression but a second copy. */
const WORTHWHILE = 512;

export function compress(): Plugin {
  let config: ResolvedConfig;
  return {
    name: 'skep-compress',
    apply: 'build',
    configResolved(resolved) {
      config = resolved;
    },
    closeBundle() {
      const folder = join(config.root, config.build.outDir);
      for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
        if (TEXT.test(name)) compressFile(join(folder, name));
      }
    },
  };
}

function compressFile(path: string): void {
  const bytes = readFileSync(path);
  if (bytes.length < WORTHWHILE) return;
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params }));
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  if (!path.endsWith('.html')) rmSync(path);
}
