import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readWorkflow, readWorkflowFile } from './read-workflow.ts';

const prompt = { '1': { class_type: 'EmptyImage', inputs: { width: 8 }, _meta: { title: 'x' } } };
const workflow = { version: 0.4, nodes: [] };

describe('readWorkflow', () => {
  test.each([
    ['the API format', prompt, undefined],
    ['a request for ComfyUI', { prompt, client_id: 'x', extra_data: { extra_pnginfo: { workflow } } }, workflow],
    ['both formats side by side', { prompt, workflow }, workflow],
  ])('takes %s', (_, json, expected) => {
    expect(readWorkflow(JSON.stringify(json))).toEqual({ ok: true, prompt, workflow: expected, rounded: [] });
  });

  test.each([
    [
      "the editor's own format",
      JSON.stringify({ last_node_id: 9, nodes: [{ id: 1 }], links: [] }),
      /editor’s own format.*Export \(API\)/,
    ],
    ['text', 'hello', /not JSON/],
    ['other JSON', '{"a":1}', /not a workflow in API format/],
    ['a list', '[1,2]', /not a workflow in API format/],
    ['nothing', '{}', /no nodes/],
  ])('explains %s', (_, text, why) => {
    const read = readWorkflow(text);
    expect(read.ok ? '' : read.why).toMatch(why);
  });

  test.each([
    ['4294967296', []],
    ['9007199254740992', []],
    ['9007199254740993', ['9007199254740993']],
    ['18446744073709551615', ['18446744073709551615']],
    ['-9007199254740993', ['-9007199254740993']],
    ['"18446744073709551615"', []],
    ['"\\"18446744073709551615"', []],
    ['0.12345678901234567890', []],
    ['1e21', []],
  ])('says of the number %s which digits it cannot keep: %j', (seed, rounded) => {
    const text = `{"3":{"class_type":"KSampler","inputs":{"seed":${seed}}},"4":{"class_type":"KSampler","inputs":{"seed":${seed}}}}`;
    expect(readWorkflow(text)).toMatchObject({ ok: true, rounded });
  });

  test('reads the longest texts', () => {
    const text = JSON.stringify({ '1': { class_type: 'Note', inputs: { text: '"'.repeat(1_000_000), seed: 1 } } });
    expect(readWorkflow(text)).toMatchObject({ ok: true, rounded: [] });
  });

  test('never breaks, whatever is dropped', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => typeof readWorkflow(text).ok === 'boolean'));
  });
});

test('a picture is called a picture before it is read', async () => {
  const read = await readWorkflowFile(new File(['x'], 'a.png', { type: 'image/png' }));
  expect(read.ok ? '' : read.why).toMatch(/a\.png is not a workflow but a picture/);
});
