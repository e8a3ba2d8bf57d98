import { describe, expect, test } from 'vitest';
import { AppError } from '../errors.ts';
import { comfyuiPrompt, refusalOf } from './prompt.ts';
import { toInterrupt } from './queue-choice.ts';

const prompt = {
  1: { class_type: 'EmptyImage', inputs: {} },
  8: { class_type: 'SaveImage', inputs: { images: ['1', 0] } },
  9: { class_type: 'SaveImage', inputs: { images: ['1', 0] } },
};

describe('what is asked for', () => {
  test('all that a client may say', () => {
    const workflow = { id: 'w' };
    const extra_data = { extra_pnginfo: { workflow }, api_key_comfy_org: 'key', preview_method: 'auto', own: 1 };
    const sent = { prompt, client_id: 'c', number: -1, partial_execution_targets: ['9'], extra_data };
    expect(comfyuiPrompt({ ...sent, prompt_id: '6f1c1b0e-1111-4222-8333-444455556666' }, [])).toEqual({
      type: 'asked',
      prompt: { 1: prompt[1], 9: prompt[9] },
      workflow,
      extraData: { own: 1 },
      promptId: '6f1c1b0e-1111-4222-8333-444455556666',
      clientId: 'c',
      goesFirst: true,
    });
    expect(comfyuiPrompt(sent, ['api_key_comfy_org'])).toMatchObject({
      extraData: { api_key_comfy_org: 'key', own: 1 },
    });
  });

  test.each([
    [null, 'no_prompt'],
    [[1], 'no_prompt'],
    [{}, 'no_prompt'],
    [{ prompt: {} }, 'prompt_no_outputs'],
    [{ prompt, partial_execution_targets: ['7'] }, 'prompt_no_outputs'],
    [{ prompt, prompt_id: 'x' }, 'invalid_prompt_id'],
    [{ prompt, number: 'abc' }, 'invalid_prompt'],
    [{ prompt, client_id: 'c'.repeat(201) }, 'invalid_prompt'],
  ])('%j: %s', (sent, type) => {
    expect(comfyuiPrompt(sent, [])).toMatchObject({ type: 'refused', refusal: { status: 400, error: { type } } });
  });

  test.each([{ prompt: null }, { prompt: 'text' }, { prompt: { 1: null }, partial_execution_targets: ['1'] }])(
    '%j is left to who reads graphs',
    (sent) => expect(comfyuiPrompt(sent, [])).toMatchObject({ type: 'asked', prompt: sent.prompt }),
  );
});

describe('how ComfyUI calls a refusal', () => {
  const fault = (type: string) => ({
    9: {
      class_type: 'SaveImage',
      dependent_outputs: [],
      errors: [{ type, message: 'no', details: "Node ID '#9'", extra_info: {} }],
    },
  });
  test.each([
    [undefined, 'invalid_prompt'],
    [{}, 'prompt_no_outputs'],
    [fault('invalid_prompt'), 'invalid_prompt'],
    [fault('bad_linked_input'), 'prompt_outputs_failed_validation'],
  ])('%j: %s', (nodeErrors, type) => {
    const error = new AppError('invalid_graph', 'no', nodeErrors && { nodeErrors });
    expect(refusalOf(error)?.error.type).toBe(type);
  });

  test('in its own words, where these are known', () => {
    const promptError = { type: 'missing_node_type', message: 'm', details: 'd', extra_info: {} };
    expect(refusalOf(new AppError('invalid_graph', 'no', { promptError }))?.error).toBe(promptError);
  });

  test('what is not about the graph is none', () => expect(refusalOf(new AppError('conflict', 'no'))).toBeNull());
});

test('interrupted is what was asked for, else what has run for longest, else what was sent, and nothing that waits', () => {
  const job = (promptId: string, status: 'queued' | 'dispatched' | 'running', startedAt: number | null = null) => ({
    promptId,
    job: { status, startedAt },
  });
  const [waits, sent] = [job('waits', 'queued'), job('sent', 'dispatched')];
  const [late, early] = [job('late', 'running', 20), job('early', 'running', 10)];
  expect(toInterrupt([waits, sent, late, early], null)).toBe(early);
  expect(toInterrupt([waits, sent, late, early], 'sent')).toBe(sent);
  expect(toInterrupt([waits, sent], null)).toBe(sent);
  expect(toInterrupt([waits], null)).toBeNull();
  expect(toInterrupt([waits, sent], 'waits')).toBeNull();
});
