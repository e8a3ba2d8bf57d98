import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { contactSheets } from '../results/contact-sheet.ts';
import { shortened } from './contact-sheet-drawing.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'comfyume-sheet-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each([
  ['shot_00001_.png', 'shot_00001_.png'],
  ['a_very_long_name_of_a_picture_from_the_harbour_00012_.png', 'a_very_long…ur_00012_.png'],
  ['雨雨雨雨雨雨雨雨雨雨雨雨雨雨雨雨_00001_.png', '雨雨雨雨雨…雨_00001_.png'],
])('%s has room as %s', (name, short) => expect(shortened(name)).toBe(short));

test('pictures stand where they belong, and a broken one costs only its place', async () => {
  const [red, broken] = [join(folder, 'red.webp'), join(folder, 'broken.webp')];
  await sharp({ create: { width: 640, height: 360, channels: 3, background: '#ff0000' } })
    .webp()
    .toFile(red);
  await writeFile(broken, 'no picture');
  const one = (thumbnail: string | null) => ({ thumbnail, name: '<a> & "b".png', note: 'seed 1' });
  const full = Array.from({ length: contactSheets.perPage - 3 }, () => one(red));
  const sheet = await contactSheets.draw({
    title: 'Maya & Jonas <script>',
    note: 'page 1 of 1',
    pictures: [one(red), one(broken), one(null), ...full],
  });
  const { data, info } = await sharp(sheet).raw().toBuffer({ resolveWithObject: true });
  expect([info.width, info.height, info.channels]).toEqual([2970, 2100, 3]);
  const reds = (left: number, top: number): boolean => {
    const at = (top * info.width + left) * 3;
    return (data[at] ?? 0) > 200 && (data[at + 1] ?? 255) < 60;
  };
  const across = (index: number): boolean => reds(100 + 170 + index * 349, 330);
  expect([0, 1, 2, 3].map(across)).toEqual([true, false, false, true]);
  expect(reds(2970 - 100 - 170, 2100 - 100 - 160)).toBe(true);
});
