import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitName } from '../workflow/attribution.ts';
import { ownName, previewStem } from './preview-names.ts';

test('no name that a node gives leads among the previews, and a preview gets its own name back', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map((name) => `.previews/${name}`),
      ),
      (name) => {
        const { stem } = splitName(name);
        expect(stem.startsWith('.')).toBe(false);
        expect(ownName(previewStem(stem))).toBe(stem);
        expect(ownName(stem)).toBe(stem);
      },
    ),
  );
});
