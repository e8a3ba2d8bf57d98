import { expect, test } from 'vitest';
import { createLabels } from './labels.ts';

const job = (id: string, title = 'Dawn') => ({ id, title });

test('jobs of one title are told apart, oldest first, and keep their labels when others come and go', () => {
  const labels = createLabels();
  labels.know([job('c'), job('b'), job('x', 'Dusk'), job('a')]);
  expect(['a', 'b', 'c'].map((id) => labels.of(job(id)))).toEqual(['Dawn', 'Dawn #2', 'Dawn #3']);
  labels.know([job('d'), job('c')]);
  expect([labels.of(job('c')), labels.of(job('d')), labels.of(job('x', 'Dusk'))]).toEqual([
    'Dawn #3',
    'Dawn #4',
    'Dusk',
  ]);
  expect(labels.of(job('never seen'))).toBe('Dawn');
});
