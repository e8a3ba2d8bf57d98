import { expect, test } from 'vitest';
import { iconOf, titleOf } from './tab-title.ts';

test.each([
  [0, false, 'comfyume'],
  [2, false, '(2) comfyume'],
  [0, true, '• comfyume'],
  [12, true, '• (12) comfyume'],
])('%i running, new: %s', (running, isNew, title) => expect(titleOf(running, isNew)).toBe(title));

test.each([
  [1, false, />1</],
  [9, false, />9</],
  [10, true, />9\+</],
  [0, true, /#6cc070/],
])('icon for %i running, new: %s', (running, isNew, drawn) => {
  const [head, body = ''] = (iconOf(running, isNew) ?? '').split(',');
  expect(head).toBe('data:image/svg+xml');
  expect(decodeURIComponent(body)).toMatch(drawn);
  expect(decodeURIComponent(body)).toMatch(/^<svg .*<\/svg>$/s);
});

test('nothing to report: the default icon', () => expect(iconOf(0, false)).toBeNull());
