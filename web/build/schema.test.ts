import { readFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';
import { expect, it } from 'vitest';

const here = new URL('../src/api/', import.meta.url);

it('is what `npm run api` makes of src/api/openapi.json today', async () => {
  const made = astToString(await openapiTS(new URL('openapi.json', here)));
  const kept = readFileSync(new URL('schema.d.ts', here), 'utf8');
  // The command line puts a comment above.
  expect(kept.endsWith(made), 'not current: npm run api').toBe(true);
}, 60_000);
