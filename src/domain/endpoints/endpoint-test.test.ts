import { expect, test } from 'vitest';
import { type EndpointAnswer, endpointAnswerWords, keepWarmCost, startCost } from './endpoint-test.ts';

const GIB = 1024 ** 3;

test.each<[EndpointAnswer, string | null, boolean, string]>([
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
    'It denied access (HTTP 401). Check the key in GPU_KEY',
  ],
  [
    { type: 'refused', httpStatus: 403, said: 'Forbidden.' },
    null,
    false,
    'It denied access (HTTP 403): Forbidden. It needs an API key',
  ],
  [{ type: 'busy', httpStatus: 429 }, null, false, 'It is busy (HTTP 429). Try again in a moment.'],
  [
    { type: 'no ComfyUI', httpStatus: 200, said: 'It works.' },
    null,
    false,
    'The address answered, but not ComfyUI (HTTP 200): It works. Check the address',
  ],
  [{ type: 'unreachable', said: 'ECONNREFUSED' }, null, false, 'No connection (ECONNREFUSED).'],
  [{ type: 'silent' }, null, false, 'No response within 1.2 s. A cold GPU takes minutes to start'],
])('%j', (look, apiKeyVariable, well, words) => {
  const said = endpointAnswerWords(look, { tookMs: 1234, apiKeyVariable });
  expect(said.well).toBe(well);
  expect(said.well).toBe(said.doThis === null);
  expect([said.sentence, said.doThis].join(' ')).toContain(words);
});

test('what starting costs is told, or that it cannot be', () => {
  expect(startCost(3.3, 'EUR')).toBe('The minimum billing time of ten minutes costs 0.55 EUR.');
  expect(startCost(null, 'EUR')).toContain('the cost is unknown');
});

test.each([
  [3, 120, 'One GPU runs for about 2 h: about 6.00 EUR in total.'],
  [3, 121, 'One GPU runs for about 2 h 10 min: about 6.50 EUR in total.'],
  [3, 5, 'One GPU runs for about 10 min: about 0.50 EUR in total.'],
  [null, 90, 'One GPU runs for about 1 h 30 min. Its price per hour is not set, so the cost is unknown.'],
])('keeping one warm at %j an hour for %i min', (price, minutes, words) => {
  expect(keepWarmCost(price, 'EUR', minutes * 60_000)).toBe(words);
});
