import { expect, test } from 'vitest';
import { workflowIdOf } from './workflow-id.ts';

test.each([
  [{ id: 'w1' }, 'w1'],
  [{ id: '00000000-0000-0000-0000-000000000000' }, null],
  [{ id: '' }, null],
  [{ id: 'x'.repeat(101) }, null],
  [{ id: 7 }, null],
  [{}, null],
  ['w1', null],
  [null, null],
])('%j: %j', (workflow, id) => expect(workflowIdOf(workflow)).toBe(id));
