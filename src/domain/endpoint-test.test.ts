import { expect, test } from 'vitest';
import { type Look, lookWords, wakingCost } from './endpoint-test.ts';

const GIB = 1024 ** 3;

test.each<[Look, string | null, boolean, string]>([
  [
    { type: 'answered', version: '0.3.64', gpu: 'NVIDIA H200', vram: { free: 140 * GIB, total: 141 * GIB } },
    null,
    true,
    'ComfyUI 0.3.64 answered after 1.2 s, NVIDIA H200, 140 GiB of 141 GiB free.',
  ],
  [{ type: 'answered', version: null, gpu: null, vram: null }, null, true, 'ComfyUI (of an unknown version) answered'],
  [
    { type: 'refused', httpStatus: 401, said: '' },
    'GPU_KEY',
    false,
    'It refused us (HTTP 401). Look at the key in GPU_KEY',
  ],
  [
    { type: 'refused', httpStatus: 403, said: 'Forbidden.' },
    null,
    false,
    'It refused us (HTTP 403): Forbidden. It wants a key',
  ],
  [{ type: 'busy', httpStatus: 429 }, null, false, 'It is busy (HTTP 429). Try again in a moment.'],
  [
    { type: 'no ComfyUI', httpStatus: 200, said: 'It works.' },
    null,
    false,
    'The address answered, but not ComfyUI (HTTP 200): It works. Look at',
  ],
  [{ type: 'unreachable', said: 'ECONNREFUSED' }, null, false, 'There was no connection (ECONNREFUSED).'],
  [{ type: 'silent' }, null, false, 'No answer within 1.2 s. A GPU that starts cold takes minutes'],
])('%j', (look, apiKeyVariable, well, words) => {
  const said = lookWords(look, { tookMs: 1234, apiKeyVariable });
  expect(said.well).toBe(well);
  expect(said.well).toBe(said.doThis === null);
  expect([said.sentence, said.doThis].join(' ')).toContain(words);
});

test('what waking costs is told, or that it cannot be', () => {
  expect(wakingCost(3.3, 'EUR')).toBe('Ten minutes, the least that is billed, cost 0.55 EUR.');
  expect(wakingCost(null, 'EUR')).toContain('cannot be told');
});
