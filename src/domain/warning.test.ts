import { expect, test } from 'vitest';
import { type Warning, withWarnings } from './warning.ts';

const warning = (n: number): Warning => ({ nodeId: String(n), classType: 'A', message: `${n}` });

test('each is kept once, and so many only', () => {
  expect(withWarnings([warning(1)], [warning(1), warning(2)])).toEqual([warning(1), warning(2)]);
  const many = withWarnings(
    [],
    Array.from({ length: 30 }, (_, n) => warning(n)),
  );
  expect(many).toHaveLength(20);
  expect(many.at(-1)?.message).toBe('And 11 more of this kind.');
});
