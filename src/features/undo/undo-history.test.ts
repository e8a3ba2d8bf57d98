import { expect, test } from 'vitest';
import { undoLast, withUndo } from './undo-history.ts';

test('the last action is undone first, each only once, by its button or by key', () => {
  const undone: string[] = [];
  const first = withUndo(() => undone.push('first'));
  withUndo(() => undone.push('second'));
  undoLast();
  first();
  first();
  undoLast();
  expect(undone).toEqual(['second', 'first']);
});
