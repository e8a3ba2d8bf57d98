import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';

/** What a room may use. `rooms` of ours, `types` only as types, `packages` by name or `scope/*`; `node` stands for Node's own modules, `*` for any. */
type Room = {
  readonly rooms: readonly string[];
  readonly types?: readonly string[];
  readonly packages: readonly string[];
};

const SCREEN = ['react', 'next', 'lucide-react', 'radix-ui', 'sonner'];
const adapter = (...packages: string[]): Room => ({
  rooms: ['ports', 'domain'],
  packages: ['node', 'zod', ...packages],
});

const ROOMS: Readonly<Record<string, Room>> = {
  app: { rooms: ['features', 'ui'], packages: ['react', 'next', '@fontsource-variable/*'] },
  features: {
    rooms: ['ui', 'domain'],
    types: ['api', '@trpc/server'],
    packages: [
      ...SCREEN,
      'zod',
      '@trpc/client',
      '@trpc/tanstack-react-query',
      '@tanstack/*',
      'three',
      'mediabunny',
      'csv-parse',
      'csv-stringify',
      'qrcode',
      'uplot',
    ],
  },
  ui: { rooms: [], packages: [...SCREEN, '@tanstack/*'] },
  domain: { rooms: [], packages: ['zod', 'lossless-json'] },
  ports: { rooms: ['domain'], packages: [] },
  services: { rooms: ['ports', 'domain'], packages: [] },
  'adapters/auth': adapter(
    '@node-rs/argon2',
    'ipaddr.js',
    'p-queue',
    'rate-limiter-flexible',
    '@zxcvbn-ts/language-common',
    'unhomoglyph',
  ),
  'adapters/comfy': adapter('undici', 'ws'),
  'adapters/db': adapter('@prisma/*', '@libsql/*', 'libsql', 'lru-cache', 'pg'),
  'adapters/events': adapter(),
  'adapters/files': adapter(
    'chokidar',
    'sharp',
    'mediabunny',
    'p-queue',
    'p-timeout',
    'lru-cache',
    'csv-stringify',
    'hash-wasm',
    'yauzl',
    '@aws-sdk/*',
  ),
  'adapters/verda': adapter(),
  api: { rooms: ['services', 'ports', 'domain'], packages: ['@trpc/server', 'zod'] },
  gateway: { rooms: ['services', 'ports', 'domain'], packages: ['node', 'zod', 'ws'] },
  'api-v2': { rooms: ['services', 'ports', 'domain'], packages: ['node', 'zod'] },
  server: {
    rooms: ['api', 'api-v2', 'gateway', 'services', 'adapters', 'ports', 'domain', 'simulator', 'env.ts'],
    packages: ['*'],
  },
  bench: {
    rooms: ['server', 'api', 'services', 'adapters', 'ports', 'domain', 'simulator', 'env.ts'],
    packages: ['*'],
  },
  chaos: {
    rooms: ['server', 'api', 'services', 'adapters', 'ports', 'domain', 'simulator', 'bench', 'env.ts'],
    packages: ['*'],
  },
  extension: { rooms: ['domain'], types: ['api', '@trpc/server'], packages: ['@trpc/client', 'zod'] },
  simulator: { rooms: [], packages: ['*'] },
  env: { rooms: ['domain'], packages: ['node', 'zod'] },
  'env.ts': { rooms: ['env', 'domain'], packages: ['node', 'zod'] },
};

const MAX_LINES = 250;
const MAX_FILES = 25;
/** Rooms whose folders depend on each other one way only. */
const ACYCLIC = [
  'api',
  'api-v2',
  'gateway',
  'adapters/db',
  'adapters/files',
  'adapters/verda',
  'features',
  'ui',
  'server',
  'services',
  'ports',
  'bench',
  'chaos',
  'extension',
];
const FREE = /\.(test|testing)\.tsx?$|\/(fixtures|testing)\//;
const GENERATED = 'src/adapters/db/generated/';
const IMPURE =
  /\bDate\.now\b|\bnew Date\(\s*\)|(?<!new )\bDate\(\)|\bMath\.random\b|\b(?:process|performance|crypto|console|globalThis)\s*[.[]|\b(?:setTimeout|setInterval|fetch)\(|\bimport\.meta\b/g;

/** `src/adapters/db/x.ts` is in `adapters/db`, `src/env.ts` is a room of its own. */
function roomOf(path: string): string {
  const [, first = '', second] = path.split('/');
  return first === 'adapters' && second !== undefined ? `${first}/${second}` : first;
}

/** Blanks comments, and strings too where asked. A string in quotes ends with its line, so that a lone quote in a regular expression does no great harm. */
const blank = (source: string, strings: boolean): string =>
  source.replace(/'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (found) => {
    if (found.startsWith('/')) return ' ';
    return strings && !found.startsWith('`') ? "''" : found;
  });

type Import = { readonly to: string; readonly typeOnly: boolean };

function importsOf(code: string): Import[] {
  const statements = code.matchAll(/^\s*(?:import|export)\s+(type\s+)?(?:[^'";]*?\s?from\s*)?['"]([^'"]+)['"]/gm);
  const calls = code.matchAll(
    /\b(?:import|require)\s*\(\s*(['"`])([^'"`]+)\1|\bnew URL\(\s*(['"`])(\.[^'"`]+)\3\s*,\s*import\.meta\.url/g,
  );
  return [
    ...[...statements].map(([, type, to = '']) => ({ to, typeOnly: type !== undefined })),
    ...[...calls].map(([, , to, , url]) => ({ to: to ?? url ?? '', typeOnly: false })),
  ];
}

const allows = (list: readonly string[], name: string): boolean =>
  list.some(
    (entry) =>
      entry === '*' || entry === name || name.startsWith(entry.endsWith('/*') ? entry.slice(0, -1) : `${entry}/`),
  );

function importFault(path: string, { to, typeOnly }: Import): string | null {
  const room = roomOf(path);
  const rules = ROOMS[room];
  if (!rules) return null;
  const ours = to.startsWith('.') || to.startsWith('#');
  if (!ours) {
    const name = to.startsWith('node:') ? 'node' : to;
    if (name.startsWith('@prisma/') && room !== 'adapters/db') return `${to}: only adapters/db knows Prisma`;
    if (allows(rules.packages, name) || (typeOnly && allows(rules.types ?? [], name))) return null;
    return allows(rules.types ?? [], name) ? `${to}: only with import type` : `${to}: no package of ${room}`;
  }
  const target = to.startsWith('.') ? posix.join(posix.dirname(path), to) : to.slice(1);
  if (target === 'package.json' && room === 'server') return null;
  // They start the product as a person would, from the project's folder.
  if (!target.startsWith('src/') && target !== 'src')
    return room === 'bench' || room === 'chaos' ? null : `${to}: leaves src`;
  if (target.startsWith(GENERATED) && room !== 'adapters/db')
    return `${to}: only adapters/db knows the generated client`;
  if (!/\.(tsx?|css|json|svg)$/.test(to)) return `${to}: without its ending`;
  const other = roomOf(target);
  if (other === room) return to.startsWith('#') ? `${to}: inside a room, by a relative path` : null;
  if (to.startsWith('.')) return `${to}: into another room, by #src/`;
  if (allows(rules.rooms, other)) return null;
  if (allows(rules.types ?? [], other)) return typeOnly ? null : `${to}: only with import type`;
  return `${to}: ${room} may not use ${other}`;
}

/** Everything in this file that the rooms forbid, in words. `path` begins with `src/`. */
function faultsOf(path: string, source: string): string[] {
  if (FREE.test(path) || path.startsWith(GENERATED)) return [];
  const room = roomOf(path);
  if (!ROOMS[room]) return [`${path}: ${room} is no room (docs/architecture.md, and the table in this test)`];
  const code = blank(source, false);
  const bare = blank(source, true);
  const faults = importsOf(code).flatMap((one) => importFault(path, one) ?? []);
  if (/\bimport\s*\(\s*(?!['"`\s])/.test(code)) faults.push('a dynamic import of what cannot be told');
  if (room === 'ports' && /^(?:export )?(?:const|let|function|class)\b/m.test(bare))
    faults.push('a port is types only');
  if (
    room !== 'env.ts' &&
    (/\bprocess\s*(?:\?\.|\.)\s*env\b|\bprocess\[/.test(bare) || /\benv\b[^;]*from ['"]node:process['"]/.test(code))
  )
    faults.push('only env.ts reads process.env');
  if (room === 'domain') for (const [found] of bare.matchAll(IMPURE)) faults.push(`${found}: the domain is pure`);
  const lines = source.trimEnd().split('\n').length;
  if (lines > MAX_LINES) faults.push(`${lines} lines; at most ${MAX_LINES}`);
  return faults.map((fault) => `${path}: ${fault}`);
}

const FILES = readdirSync(new URL('.', import.meta.url), { recursive: true, encoding: 'utf8' })
  .map((name) => `src/${name.replaceAll('\\', '/')}`)
  .filter((path) => /\.tsx?$/.test(path));

test('every file keeps to its room', () => {
  const faults = FILES.flatMap((path) =>
    faultsOf(path, readFileSync(new URL(path.slice('src/'.length), import.meta.url), 'utf8')),
  );
  expect(faults).toEqual([]);
});

test('one exported type has one name; the simulator, which is somebody else’s software, and screens have names of their own', () => {
  const places = new Map<string, string[]>();
  for (const path of FILES.filter((file) => !/^src\/(simulator|features|adapters\/db\/generated)\//.test(file))) {
    const source = readFileSync(new URL(path.slice('src/'.length), import.meta.url), 'utf8');
    for (const [, name = ''] of source.matchAll(/^export (?:type|interface|class|enum) (\w+)\b/gm))
      places.set(name, [...(places.get(name) ?? []), path]);
  }
  expect([...places].filter(([, paths]) => paths.length > 1)).toEqual([]);
});

test('all of src was looked at', () => {
  const rooms = new Set(FILES.map(roomOf));
  expect([...rooms]).toEqual(
    expect.arrayContaining([
      'app',
      'features',
      'ui',
      'domain',
      'ports',
      'services',
      'adapters/db',
      'api',
      'server',
      'simulator',
    ]),
  );
});

const PRODUCT = FILES.filter((path) => !FREE.test(path) && !path.startsWith(GENERATED));

/** A folder by its whole path, or the subject right below a room. */
const folderOf = (path: string): string => posix.dirname(path);
const subjectOf = (path: string): string => folderOf(path).split('/').slice(0, 3).join('/');

type Edge = { readonly from: string; readonly to: string; readonly why: string };

function edgesBetween(paths: readonly string[], groupOf: (path: string) => string): Edge[] {
  return paths.flatMap((path) => {
    const code = blank(readFileSync(new URL(path.slice('src/'.length), import.meta.url), 'utf8'), false);
    return importsOf(code)
      .filter(({ to }) => to.startsWith('.'))
      .map(({ to }) => posix.join(posix.dirname(path), to))
      .filter((target) => groupOf(target) !== groupOf(path))
      .map((target) => ({ from: groupOf(path), to: groupOf(target), why: `${path} uses ${target}` }));
  });
}

/** The imports that are part of a cycle: from what they lead to, there is a way back. */
function cyclesOf(edges: readonly Edge[]): string[] {
  const reachable = (from: string, seen = new Set<string>()): Set<string> => {
    for (const { to } of edges.filter((edge) => edge.from === from)) if (!seen.has(to)) reachable(to, seen.add(to));
    return seen;
  };
  const reached = new Map([...new Set(edges.map(({ to }) => to))].map((to) => [to, reachable(to)]));
  return edges.filter(({ from, to }) => reached.get(to)?.has(from)).map(({ why }) => why);
}

test('no subjects of the domain use each other in a circle', () => {
  const paths = PRODUCT.filter((path) => path.startsWith('src/domain/'));
  expect(cyclesOf(edgesBetween(paths, subjectOf))).toEqual([]);
});

describe.each(ACYCLIC)('in %s', (room) => {
  const paths = PRODUCT.filter((path) => path.startsWith(`src/${room}/`));

  test.each([
    ['folders', folderOf],
    ['subjects', subjectOf],
  ])('no %s use each other in a circle', (_, groupOf) => expect(cyclesOf(edgesBetween(paths, groupOf))).toEqual([]));
});

test(`no folder holds more than ${MAX_FILES} files`, () => {
  const counts = new Map<string, number>();
  for (const path of PRODUCT) counts.set(folderOf(path), (counts.get(folderOf(path)) ?? 0) + 1);
  expect([...counts].filter(([, count]) => count > MAX_FILES)).toEqual([]);
});

describe('the checker itself', () => {
  const edge = (way: string): Edge => ({ from: way.charAt(0), to: way.charAt(1), why: way });

  test.each([
    ['ab bc ac', ''],
    ['ab ba', 'ab ba'],
    ['ab bc ca ad', 'ab bc ca'],
    ['ab cd dc', 'cd dc'],
  ])('of the imports %s, part of a cycle: %s', (edges, found) =>
    expect(cyclesOf(edges.split(' ').map(edge)).join(' ')).toBe(found),
  );

  test.each([
    ['src/app/page.tsx', `import { Work } from '#src/features/work/screen.tsx';\nimport './globals.css';`],
    [
      'src/features/a/b.tsx',
      `import type { AppRouter } from '#src/api/app/router.ts';\nexport type { JobView } from '#src/api/views.ts';`,
    ],
    ['src/features/a/b.tsx', `const Dialog = dynamic(() => import('../c/dialog.tsx'));`],
    [
      'src/domain/a.ts',
      `// process.env, Date.now() and Math.random() are not used\nconst at = (ms: number) => new Date(ms); // new Date()`,
    ],
    ['src/domain/a.ts', `const words = 'process.exit(1)';\nconst unsafe = /["]/;\nexport { b } from './b.ts';`],
    ['src/domain/formats/a.ts', `import { z } from 'zod';\nimport { b } from '../b.ts';`],
    [
      'src/adapters/db/store.ts',
      `import { PrismaClient } from './generated/client.ts';\nimport type { Job } from '#src/ports/jobs.ts';`,
    ],
    [
      'src/server/process/main.ts',
      `import { startFleet } from '#src/simulator/start-fleet.ts';\nimport { readConfig } from '#src/env.ts';\nimport ws from 'ws';`,
    ],
    ['src/simulator/main.ts', `const file = new URL('./replica.ts', import.meta.url);`],
    ['src/env.ts', `export const read = () => process.env;`],
    ['src/domain/a.test.ts', `import { readFileSync } from 'node:fs';\nconst now = Date.now();`],
    ['src/server/process/main.ts', `import { version } from '../../../package.json';`],
  ])('%s may: %j', (path, source) => expect(faultsOf(path, source)).toEqual([]));

  test.each([
    ['src/app/page.tsx', `import { db } from '#src/adapters/db/store.ts';`, 'app may not use adapters/db'],
    ['src/app/page.tsx', `import type { Deps } from '#src/server/process/deps.ts';`, 'app may not use server'],
    ['src/app/page.tsx', `import {\n  submit,\n} from '#src/services/jobs/submit.ts';`, 'app may not use services'],
    ['src/features/a/b.tsx', `import { router } from '#src/api/app/router.ts';`, 'only with import type'],
    ['src/features/a/b.tsx', `import { type AppRouter } from '#src/api/app/router.ts';`, 'only with import type'],
    ['src/features/a/b.tsx', `export * from '#src/api/app/router.ts';`, 'only with import type'],
    ['src/features/a/b.tsx', `const api = await import('#src/api/app/router.ts');`, 'only with import type'],
    ['src/features/a/b.tsx', `import { initTRPC } from '@trpc/server';`, 'only with import type'],
    ['src/features/a/b.tsx', `import { readFile } from 'node:fs/promises';`, 'no package of features'],
    ['src/ui/a.tsx', `import { phase } from '#src/domain/jobs/phase.ts';`, 'ui may not use domain'],
    ['src/ui/a.tsx', `import type { Phase } from "#src/domain/jobs/phase.ts";`, 'ui may not use domain'],
    ['src/ports/a.ts', `import { readFile } from 'node:fs/promises';`, 'no package of ports'],
    ['src/ports/a.ts', `export const make = () => 1;`, 'types only'],
    ['src/services/a.ts', `import { store } from '#src/adapters/db/store.ts';`, 'services may not use adapters/db'],
    ['src/services/a.ts', `import sharp from 'sharp';`, 'no package of services'],
    [
      'src/adapters/files/a.ts',
      `import { store } from '#src/adapters/db/store.ts';`,
      'adapters/files may not use adapters/db',
    ],
    ['src/adapters/comfy/a.ts', `import { submit } from '#src/services/jobs/submit.ts';`, 'may not use services'],
    ['src/adapters/comfy/a.ts', `import { watch } from 'chokidar';`, 'no package of adapters/comfy'],
    ['src/adapters/new/a.ts', `export const a = 1;`, 'adapters/new is no room'],
    ['src/utils/a.ts', `export const a = 1;`, 'utils is no room'],
    ['src/api/a.ts', `import { main } from '#src/server/process/main.ts';`, 'api may not use server'],
    ['src/api/a.ts', `import { fleet } from '#src/simulator/fleet.ts';`, 'api may not use simulator'],
    ['src/server/a.ts', `import { Work } from '#src/features/work/screen.tsx';`, 'server may not use features'],
    ['src/server/a.ts', `import { PrismaClient } from '@prisma/client';`, 'knows Prisma'],
    ['src/server/a.ts', `import { PrismaClient } from '#src/adapters/db/generated/client.ts';`, 'generated client'],
    ['src/server/a.ts', `const port = process.env.PORT;`, 'process.env'],
    ['src/server/a.ts', `import { env } from 'node:process';`, 'process.env'],
    ['src/server/a.ts', `const part = await import(name);`, 'cannot be told'],
    ['src/simulator/a.ts', `import { parse } from '#src/domain/workflow/graph.ts';`, 'simulator may not use domain'],
    ['src/simulator/a.ts', `import { parse } from '../domain/graph.ts';`, 'by #src/'],
    ['src/simulator/a.ts', `import { version } from '../../package.json';`, 'leaves src'],
    ['src/simulator/a.ts', `const file = new URL('../server/main.ts', import.meta.url);`, 'by #src/'],
    ['src/extension/a.ts', `import { router } from '#src/api/app/router.ts';`, 'only with import type'],
    ['src/domain/a.ts', `import { b } from '#src/domain/b.ts';`, 'relative path'],
    ['src/domain/a.ts', `import { b } from './b';`, 'without its ending'],
    ['src/domain/a.ts', `import { createHash } from 'node:crypto';`, 'no package of domain'],
    ['src/domain/a.ts', `const now = Date.now();`, 'Date.now: the domain is pure'],
    ['src/domain/a.ts', `const now = new Date();`, 'new Date(): the domain is pure'],
    ['src/domain/a.ts', `const r = Math.random();`, 'Math.random: the domain is pure'],
    ['src/domain/a.ts', `const id = crypto.randomUUID();`, 'the domain is pure'],
    ['src/domain/a.ts', `const t = performance.now();`, 'the domain is pure'],
    ['src/domain/a.ts', `const v = process.version;`, 'the domain is pure'],
    ['src/domain/a.ts', `const a = 'http://x'; const now = Date.now();`, 'the domain is pure'],
    ['src/domain/a.ts', `const a = \`\${Date.now()}\`;`, 'the domain is pure'],
  ])('%s may not: %j', (path, source, fault) =>
    expect(faultsOf(path, source)).toEqual([expect.stringContaining(fault)]),
  );

  test.each([
    ['src/ui/a.ts', MAX_LINES, 0],
    ['src/ui/a.ts', MAX_LINES + 1, 1],
    ['src/ui/a.test.ts', 900, 0],
    ['src/adapters/db/generated/a.ts', 900, 0],
  ])('%s of %i lines has %i faults', (path, lines, count) =>
    expect(faultsOf(path, 'x;\n'.repeat(lines))).toHaveLength(count),
  );
});
