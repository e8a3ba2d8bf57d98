import { describe, expect, test } from 'vitest';
import { reasonSentence } from '../messages/reasons.ts';
import { causeOf, failureAsNodeErrors } from './failure.ts';
import type { RunFailure } from './run-report.ts';

const failure = (exceptionType: string, message: string): RunFailure => ({
  nodeId: '7',
  nodeType: 'KSampler',
  exceptionType,
  message,
  traceback: [],
});
const MEMORY = 'out of GPU memory. A smaller size or fewer frames will help.';

describe('what stopped the node, in few words', () => {
  test.each<[string, string, string]>([
    ['torch.OutOfMemoryError', 'Allocation on device 0 would exceed allowed memory.', MEMORY],
    ['torch.cuda.OutOfMemoryError', 'CUDA out of memory. Tried to allocate 20.00 GiB', MEMORY],
    ['RuntimeError', 'CUDA error: out of memory\nCUDA kernel errors might be reported later', MEMORY],
    ['RuntimeError', 'Got an OOM, unloading all loaded models.', MEMORY],
    ['ValueError', 'There is no room for the zoom', 'There is no room for the zoom'],
    ['BloomError', 'The bloom filter is broken', 'The bloom filter is broken'],
    ['ValueError', 'The first line.\nA second, with details.', 'The first line.'],
    ['ValueError', '   \n', 'ValueError'],
    ['', '', 'no reason was given'],
    ['ValueError', 'x'.repeat(300), 'x'.repeat(300)],
    ['ValueError', 'x'.repeat(301), `${'x'.repeat(299)}…`],
  ])('%s: %j', (type, message, cause) => expect(causeOf(failure(type, message))).toBe(cause));

  test('fits into the sentence for the participant', () =>
    expect(
      reasonSentence('execution_error', {
        attempts: 1,
        node: 'KSampler',
        cause: causeOf(failure('torch.OutOfMemoryError', 'x')),
      }),
    ).toBe('KSampler stopped: out of GPU memory. A smaller size or fewer frames will help.'));
});

test('shown at its node as ComfyUI shows what it refuses', () =>
  expect(failureAsNodeErrors(failure('ValueError', 'Too wide.\nmore'))).toEqual({
    '7': {
      class_type: 'KSampler',
      dependent_outputs: [],
      errors: [{ type: 'execution_error', message: 'Too wide.', details: 'ValueError', extra_info: {} }],
    },
  }));
