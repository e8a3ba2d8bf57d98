import { gzipSync } from 'node:zlib';
import { expect, test } from './fixtures.ts';

const MAX_BYTES = 200_000;

/** The scripts that a page names, but for the one that only browsers without modules fetch. */
const scriptsOf = (html: string): string[] => [
  ...new Set(
    [...html.matchAll(/<script\b[^>]*>/g)]
      .map(([tag]) => tag)
      .filter((tag) => !/\bnomodule\b/i.test(tag))
      .flatMap((tag) => /\bsrc="([^"]+)"/.exec(tag)?.[1] ?? []),
  ),
];

const SECTIONS = ['queue', 'participants', 'endpoints', 'storage', 'announce', 'logs', 'events', 'settings'];
const ADMIN = ['/admin', ...SECTIONS.map((section) => `/admin/${section}`)];

for (const path of ['/', '/inputs', '/history', '/wall', '/wall/projector', '/account', '/login', '/join', ...ADMIN])
  test(`${path} stays within the script budget`, async ({ stage }) => {
    const cookie = `${stage.operator.cookie.name}=${stage.operator.cookie.value}`;
    const read = async (url: string): Promise<Buffer> => {
      const response = await fetch(new URL(url, stage.url), { headers: { cookie } });
      expect(response.status, url).toBe(200);
      return Buffer.from(await response.arrayBuffer());
    };
    const scripts = scriptsOf((await read(path)).toString());
    expect(scripts.length).toBeGreaterThan(5);
    const sizes = await Promise.all(scripts.map(async (url) => gzipSync(await read(url)).length));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(MAX_BYTES);
  });
