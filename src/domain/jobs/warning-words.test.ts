import { expect, test } from 'vitest';
import { warningLines } from './warning-words.ts';

test.each([
  ['9', 'SaveText', 'produced no files', 'SaveText (node 9): produced no files.'],
  ['9', 'LatentSender', 'What it shows cannot be saved.', 'LatentSender (node 9): What it shows cannot be saved.'],
  ['9', '', 'it may not open', 'Node 9: it may not open.'],
  ['', '', 'A key was left out.', 'A key was left out.'],
])('node "%s" of class "%s": %s', (nodeId, classType, message, line) => {
  expect(warningLines([{ nodeId, classType, message }])).toEqual([line]);
});

test('the same line once, and of very many only some', () => {
  const warning = (nodeId: number) => ({ nodeId: String(nodeId), classType: 'A', message: 'b' });
  expect(warningLines([warning(1), warning(1)])).toHaveLength(1);
  const lines = warningLines(Array.from({ length: 300 }, (_, nodeId) => warning(nodeId)));
  expect(lines).toHaveLength(5);
  expect(lines.at(-1)).toBe('And 296 more.');
});
