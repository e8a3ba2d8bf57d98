import { expect, test } from 'vitest';
import { versionWords } from './process-words.ts';

test('different versions are named once each; the same version is not worth a sentence', () => {
  expect(versionWords([])).toBeNull();
  expect(versionWords([{ version: '1.2.3' }, { version: '1.2.3' }])).toBeNull();
  expect(versionWords([{ version: '1.2.4' }, { version: '1.2.3' }, { version: '1.2.4' }])).toBe(
    'The processes run different versions: 1.2.3, 1.2.4. Update all of them to the same version.',
  );
});
