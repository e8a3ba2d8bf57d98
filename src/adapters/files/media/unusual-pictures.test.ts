import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { derivedIn } from './derived.testing.ts';
import { readFacts } from './facts.ts';

const CASES = new URL('../../../domain/formats/cases/', import.meta.url);
const hasFfmpeg = spawnSync('ffmpeg', ['-version'], { stdio: 'ignore' }).status === 0;

const PICTURES = [
  ['plain.bmp', 'image/bmp'],
  ['plain.exr', 'image/x-exr'],
  ['plain.jp2', 'image/jp2'],
  ['plain.jxl', 'image/jxl'],
  ['huge16384.png', 'image/png'],
] as const;

describe('pictures that sharp does not read, or only just', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'comfyume-pictures-'));
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  test.each(PICTURES)('%s has a size', async (name, mime) => {
    const facts = await readFacts(fileURLToPath(new URL(name, CASES)), { kind: 'image', mime });
    expect(facts).toMatchObject({ kind: 'image', mime });
    expect((facts.width ?? 0) * (facts.height ?? 0)).toBeGreaterThan(0);
  });

  test.skipIf(!hasFfmpeg).each(PICTURES)('%s has a small picture', async (name, mime) => {
    const derived = derivedIn(dir, {
      now: Date.now,
      log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
    });
    const file = fileURLToPath(new URL(name, CASES));
    const facts = await readFacts(file, { kind: 'image', mime });
    const made = await derived.derive('thumbnail', crypto.randomUUID(), file, facts);
    expect(made).toMatchObject({ state: 'there', mime: 'image/webp' });
    if (made.state !== 'there') return;
    expect((await stat(made.file)).size).toBeGreaterThan(0);
    const { width = 0, height = 0 } = await sharp(made.file).metadata();
    expect(Math.max(width, height)).toBeLessThanOrEqual(640);
    await derived.close();
  });
});
