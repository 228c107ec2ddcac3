import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { budget } from './build/budget.ts';
import { compress } from './build/compress.ts';

export default defineConfig({
  plugins: [svelte(), budget(), compress()],
  server: {
    port: 5173,
    proxy: { '/api': { target: 'http://127.0.0.1:9000', changeOrigin: false } },
  },
  build: {
    target: 'es2023',
    // A data: URI would need a hole in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 400,
  },
  test: {
    environment: 'node',
    include: ['src/**/*.test.ts', 'build/**/*.test.ts'],
    // The contrast test reads the real tokens.css.
    css: true,
    // The tests' clock must not depend on the machine's zone.
    env: { TZ: 'UTC' },
  },
});
