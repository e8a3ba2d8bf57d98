import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const ROOT = new URL('..', import.meta.url);
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...['docs/', 'docs/decisions/'].flatMap((folder) =>
    readdirSync(new URL(folder, ROOT)).flatMap((name) => (name.endsWith('.md') ? [`${folder}${name}`] : [])),
  ),
];
/** As documents write them: below `src`, by room and folder. */
const SOURCE =
  /\b(?:adapters|api|chaos|domain|extension|features|ports|server|services|simulator|ui)\/[\w/.-]+\.tsx?\b/g;
const LINK = /\]\(([^)#:]+\.md)(?:#[^)]*)?\)/g;

test.each(pages)('%s names files and pages that exist', (page) => {
  const text = readFileSync(new URL(page, ROOT), 'utf8');
  const sources = (text.match(SOURCE) ?? []).filter((path) => !existsSync(new URL(`src/${path}`, ROOT)));
  const links = [...text.matchAll(LINK)].flatMap(([, path = '']) =>
    existsSync(new URL(path, new URL(page, ROOT))) ? [] : [path],
  );
  expect([...sources, ...links]).toEqual([]);
});
