import fc from 'fast-check';
import { expect, test } from 'vitest';
import { numberedName, splitName } from '../workflow/attribution.ts';
import { ownParts } from '../workflow/outputs/safe-path.ts';
import { isJunk, isJunkFolder } from './junk.ts';

test.each([
  '._shot_00001_.png',
  '.nfs000000000012ab3400000001',
  '.DS_Store',
  'Thumbs.db',
  'thumbs.DB',
  'desktop.ini',
  '.shot_00002_.png.Xy12Ab',
  'shot_00003_.mp4.part',
  'shot.png.tmp',
  'film.mp4.crdownload',
  'notes.txt~',
  '.ipynb_checkpoints',
])('%s is junk', (name) => expect(isJunk(name)).toBe(true));

test.each([
  'shot_00001_.png',
  'shot.part1.png',
  'tmp_00001_.png',
  'tmp',
  'part',
  'a~b.png',
  'thumbs.db.png',
  '_started_00001_.png',
  'no extension',
])('%s is none', (name) => expect(isJunk(name)).toBe(false));

test('no name that a prefix gives is junk', () => {
  const prefix = fc.oneof(
    fc.string({ unit: fc.constantFrom('.', '~', '$', '/', 'a', 'tmp', 'part', '_'), maxLength: 12 }),
    fc.constantFrom('.hidden', 'Thumbs.db', '.nfs1/x', 'a.tmp'),
  );
  fc.assert(
    fc.property(prefix, fc.integer({ min: 1, max: 99_999 }), (given, counter) => {
      const { stem } = splitName(numberedName(ownParts(given).join('/') || 'ComfyUI', counter, '_.png'));
      const parts = numberedName(stem, counter, '_.png').split('/');
      expect(parts.filter((part, index) => (index < parts.length - 1 ? isJunkFolder(part) : isJunk(part)))).toEqual([]);
    }),
  );
});
