import { expect, test } from 'vitest';
import { formsOf, joined } from './workflow-files.ts';

const EDITORS = { nodes: [{ id: 1 }], links: [], version: 0.4 };
const API = { '1': { class_type: 'KSampler', inputs: { seed: 1 } } };

test.each([
  ['the editor’s form', EDITORS, { workflow: EDITORS, prompt: null }],
  ['the API format', API, { workflow: null, prompt: API }],
  [
    'both, as POST /prompt has them',
    { prompt: API, extra_data: { extra_pnginfo: { workflow: EDITORS } } },
    { workflow: EDITORS, prompt: API },
  ],
  ['both, side by side', { prompt: API, workflow: EDITORS }, { workflow: EDITORS, prompt: API }],
])('%s', (_, json, forms) => {
  expect(formsOf('Lesson 1.json', JSON.stringify(json))).toEqual({ name: 'Lesson 1', ...forms });
});

test.each(['', 'PNG', '{}', '[]', '{"a":1}', 'null'])('%j is refused in words', (text) => {
  expect(formsOf('x.json', text)).toMatch(/^x\.json is not a (ComfyUI )?workflow/);
});

test('two files are the two forms of one workflow, named by the editor’s', () => {
  const first = formsOf('lesson_api.json', JSON.stringify(API));
  const second = formsOf('Lesson.json', JSON.stringify(EDITORS));
  if (typeof first === 'string' || typeof second === 'string') throw new Error('both are workflows');
  const forms = { name: 'Lesson', workflow: EDITORS, prompt: API };
  expect(joined(joined(null, first), second)).toEqual(forms);
  expect(joined(joined(null, second), first)).toEqual(forms);
});
