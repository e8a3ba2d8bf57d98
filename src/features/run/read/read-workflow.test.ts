import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readWorkflow } from './read-workflow.ts';

const prompt = { '1': { class_type: 'EmptyImage', inputs: { width: 8 }, _meta: { title: 'x' } } };
const workflow = { version: 0.4, nodes: [] };

describe('readWorkflow', () => {
  test.each([
    ['the API format', prompt, undefined],
    ['a request for ComfyUI', { prompt, client_id: 'x', extra_data: { extra_pnginfo: { workflow } } }, workflow],
    ['both formats side by side', { prompt, workflow }, workflow],
  ])('takes %s', (_, json, expected) => {
    expect(readWorkflow(JSON.stringify(json))).toEqual({ ok: true, prompt, workflow: expected });
  });

  test.each([
    ["the editor's own format", JSON.stringify({ last_node_id: 9, nodes: [{ id: 1 }], links: [] }), /editor format/],
    ['text', 'hello', /not JSON/],
    ['other JSON', '{"a":1}', /not a workflow in API format/],
    ['a list', '[1,2]', /not a workflow in API format/],
    ['nothing', '{}', /no nodes/],
  ])('explains %s', (_, text, why) => {
    const read = readWorkflow(text);
    expect(read.ok ? '' : read.why).toMatch(why);
  });

  test('keeps every digit of a seed', () => {
    const read = readWorkflow('{"3":{"class_type":"KSampler","inputs":{"seed":18446744073709551615}}}');
    expect(read).toMatchObject({ ok: true, prompt: { '3': { inputs: { seed: 18446744073709551615n } } } });
  });

  test('reads the longest texts', () => {
    const text = JSON.stringify({ '1': { class_type: 'Note', inputs: { text: '"'.repeat(1_000_000), seed: 1 } } });
    expect(readWorkflow(text)).toMatchObject({ ok: true });
  });

  test('never breaks, whatever is dropped', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => typeof readWorkflow(text).ok === 'boolean'));
  });
});
