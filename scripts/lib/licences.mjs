// Compares the licences of all packages with deny.toml. Reads `cargo metadata` from standard input, and the npm packages
// from the lock files. Called by scripts/check-licences.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { isAllowed } from './spdx.mjs';

/** Licences of npm packages that run when the UI is built or tested, and of which nothing gets into the program. */
const allowedForTools = [
  'BlueOak-1.0.0', // permissive; small packages around npm itself
  'CC-BY-4.0', // data about browsers
  'MPL-2.0', // lightningcss, which writes CSS smaller; what it writes isn't under its licence
  'Python-2.0', // argparse
];

const lockFiles = ['web/package-lock.json', 'tests/browser/package-lock.json'];

/** The part of TOML that deny.toml's section [licenses] uses: arrays of strings, and of tables with a crate in each. */
function readDenyFile() {
  const text = readFileSync('deny.toml', 'utf8').replace(/^\s*#.*$/gm, '').replace(/(["\],}])\s*#.*$/gm, '$1');
  const section = text.match(/^\[licenses\]$([\s\S]*?)(?=^\[[^\]"]+\]$|(?![\s\S]))/m)?.[1];
  const strings = (list) => [...(list ?? '').matchAll(/"([^"]+)"/g)].map((match) => match[1]);
  const allowed = strings(section?.match(/^allow\s*=\s*\[([^\]]*)\]/m)?.[1]);
  if (allowed.length === 0) throw new Error('deny.toml: no `allow = […]` in section [licenses]');
  const exceptions = new Map();
  for (const [, name, list] of section.matchAll(/\{\s*crate\s*=\s*"([^"]+)"\s*,\s*allow\s*=\s*\[([^\]]*)\]\s*\}/g)) {
    exceptions.set(name, strings(list));
  }
  return { allowed, exceptions };
}

function crates(metadata) {
  return metadata.packages.map(({ name, version, license, source }) => ({
    name: `crate ${name} ${version}`,
    exception: name,
    // Our own package is under LICENSE.
    licence: source === null ? 'Apache-2.0' : license,
    isTool: false,
  }));
}

function npmPackages(lockFile) {
  if (!existsSync(lockFile)) return [];
  const packages = Object.entries(JSON.parse(readFileSync(lockFile, 'utf8')).packages);
  return packages
    .filter(([path, entry]) => path !== '' && !entry.link)
    .map(([path, entry]) => ({
      name: `npm ${path.replace(/^.*node_modules\//, '')} ${entry.version}`,
      exception: path.replace(/^.*node_modules\//, ''),
      licence: entry.license ?? installedLicence(join(dirname(lockFile), path)),
      isTool: entry.dev === true || !lockFile.startsWith('web/'),
    }));
}

/** For a package whose entry in the lock file doesn't tell. */
function installedLicence(folder) {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return undefined;
  const { license } = JSON.parse(readFileSync(file, 'utf8'));
  return typeof license === 'object' ? license?.type : license;
}

const { allowed, exceptions } = readDenyFile();
const packages = [...crates(JSON.parse(readFileSync(0, 'utf8'))), ...lockFiles.flatMap(npmPackages)];
const problems = [];
const counts = new Map();

for (const { name, exception, licence, isTool } of packages) {
  counts.set(licence, (counts.get(licence) ?? 0) + 1);
  const here = new Set([...allowed, ...(exceptions.get(exception) ?? []), ...(isTool ? allowedForTools : [])]);
  if (!licence) {
    problems.push(`${name} names no licence`);
    continue;
  }
  try {
    if (!isAllowed(licence, here)) problems.push(`${name} is under ${licence}`);
  } catch (error) {
    problems.push(`${name}: ${error.message}`);
  }
}

if (process.argv.includes('--list')) {
  for (const [licence, count] of [...counts].sort((a, b) => b[1] - a[1])) console.log(`${String(count).padStart(5)}  ${licence}`);
}
if (problems.length > 0) {
  console.error(problems.join('\n'));
  console.error(`\n${problems.length} of ${packages.length} packages are under a licence that deny.toml doesn't allow: do without them, or add the licence there if it may be shipped under Apache-2.0.`);
  process.exit(1);
}
console.log(`The licences of all ${packages.length} packages are allowed.`);
