import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';

const locked = z.object({
  packages: z.record(
    z.string(),
    z.object({
      integrity: z.string().optional(),
      resolved: z.string().optional(),
      link: z.boolean().optional(),
      optional: z.boolean().optional(),
    }),
  ),
});
const { packages } = locked.parse(JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')));
const others = Object.entries(packages).filter(([path]) => path !== '');

test('every package is known by its SHA-512 and comes from the registry that npm is set to', () => {
  expect(others.length).toBeGreaterThan(100);
  for (const [path, { integrity, resolved, link, optional }] of others) {
    expect([path, link ?? false, resolved]).toEqual([path, false, undefined]);
    // npm writes no hash for what is made for another machine than the one that it ran on.
    if (optional && integrity === undefined) continue;
    expect([path, integrity]).toEqual([path, expect.stringMatching(/^sha512-[\w+/]{86}==$/)]);
  }
});
