import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const ROOT = dirname(import.meta.dirname);
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const documents = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs')).flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : [])),
];
const allOf = (pattern: RegExp, source: string): string[] =>
  [...source.matchAll(pattern)].map(([, found = '']) => found);

const ofTheApp = allOf(
  /^ {2}([A-Z][A-Z0-9_]+): /gm,
  `${read('src/env/variables.ts')}${read('src/env/s3-variables.ts')}`,
);
const ofCompose = allOf(/\$\{([A-Z_]+)/g, `${read('docker/compose.yaml')}${read('docker/front-end.yaml')}`);
/** Of Compose itself, of scripts, of restic, of Comfy's SDK; keys, which are named by whoever sets up. */
const OTHERS = [
  'COMPOSE_FILE',
  'COMFYUME_URL',
  'COMFYUME_TOKEN',
  'RESTIC_REPOSITORY',
  'RESTIC_PASSWORD_FILE',
  'VERDA_INFERENCE_KEY',
  'COMFY_KEY',
  'COMFY_BASE_URL',
  'COMFY_API_KEY',
];
const known = [...ofTheApp, ...ofCompose, ...OTHERS];

describe.each([...documents, 'docker/.env.example'])('%s', (file) => {
  const text = read(file);

  test('names variables that somebody reads', () => {
    for (const name of allOf(/\b([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\b/g, text)) expect(known).toContain(name);
    for (const name of allOf(/^#? ?([A-Z][A-Z_]*)=/gm, file.endsWith('.example') ? text : ''))
      expect(known).toContain(name);
  });

  test('leads to files and commands that are there', () => {
    for (const target of allOf(/\]\((?!https?:|#)([^)#]+)/g, text))
      expect(existsSync(join(ROOT, dirname(file), target)), target).toBe(true);
    for (const path of allOf(
      /\b((?:docker|infrastructure|scripts|src)\/[\w./-]*\w\.(?:mjs|ts|tsx|sh|json|yaml|tf|tfvars))\b/g,
      text,
    ))
      if (!/(prod|testing)\.env$/.test(path)) expect(existsSync(join(ROOT, path)), path).toBe(true);
    const { scripts } = z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(read('package.json')));
    for (const name of allOf(/npm run ([\w-]+)/g, text)) expect(scripts).toHaveProperty(name);
    const { services } = z
      .object({ services: z.record(z.string(), z.unknown()) })
      .parse(parse(read('docker/compose.yaml'), { merge: true }));
    for (const name of allOf(/docker compose (?:logs|build|stop|restart|exec)(?: -\S+)* ([a-z][\w-]*)/g, text))
      expect(services).toHaveProperty(name);
  });
});

test('every variable of the app is in a document', () => {
  const all = documents.map(read).join('\n');
  expect(ofTheApp.length).toBeGreaterThan(20);
  // "VERDA_CLIENT_ID, …_SECRET" names both.
  for (const name of ofTheApp) expect(all).toContain(name);
});
