import fc from 'fast-check';
import { expect, test } from 'vitest';
import { REASONS, type Reason } from '../jobs/job.ts';
import { type ReasonFacts, reasonSentence } from './reasons.ts';

const CASES: [Reason, Partial<ReasonFacts>, string][] = [
  ['invalid_graph', {}, 'ComfyUI could not use this workflow.'],
  [
    'invalid_graph',
    { cause: 'KSampler needs a model.' },
    'ComfyUI could not use this workflow: KSampler needs a model.',
  ],
  [
    'rejected_by_worker',
    { node: 'KSampler', cause: 'Required input is missing: model' },
    'ComfyUI could not use this workflow: KSampler – Required input is missing: model.',
  ],
  ['rejected_by_worker', { node: 'KSampler' }, 'ComfyUI could not use this workflow: KSampler.'],
  ['endpoint_unreachable', {}, 'No GPU could be reached. We tried 3 times. Your workflow is safe.'],
  ['never_started', {}, 'No GPU started your job in time. We tried 3 times. Your workflow is safe.'],
  ['never_started', { attempts: 2 }, 'No GPU started your job in time. We tried twice. Your workflow is safe.'],
  ['lost', { attempts: 1 }, 'The GPU was lost during rendering. We tried once. Your workflow is safe.'],
  ['lost', { attempts: 0 }, 'The GPU was lost during rendering. Your workflow is safe.'],
  ['execution_error', {}, 'The workflow stopped with an error.'],
  ['execution_error', { node: 'KSampler' }, 'KSampler stopped with an error.'],
  [
    'execution_error',
    { node: 'AudioTrim', cause: 'Start time must be less.\nTraceback: x' },
    'AudioTrim stopped: Start time must be less.',
  ],
  ...[
    'Allocation on device 0 would exceed allowed memory. (out of memory)',
    'CUDA out of memory. Tried to allocate 20.00 MiB.',
    'torch.OutOfMemoryError: Allocation on device',
  ].map((cause): [Reason, Partial<ReasonFacts>, string] => [
    'execution_error',
    { node: 'KSampler', cause },
    'KSampler stopped: out of GPU memory. A smaller size or fewer frames will help.',
  ]),
  ['execution_error', { cause: 'x'.repeat(500) }, `The workflow stopped: ${'x'.repeat(200)} ….`],
  ['timed_out', { minutes: 30 }, 'Stopped after 30 min without finishing.'],
  ['timed_out', {}, 'Stopped without finishing in time.'],
  ['incomplete', {}, 'The GPU finished, but its files never arrived. We tried 3 times. Your workflow is safe.'],
  [
    'storage_full',
    {},
    'Your files are safe on the shared disk, but the server has no space for them yet. The teacher has been notified.',
  ],
  [
    'key_forgotten',
    {},
    'The key of your Comfy account was kept in memory only, and the server was restarted. Send the job again from where you sent it: ComfyUI or your program.',
  ],
  [
    'storage_unavailable',
    {},
    'Your files are safe on the shared disk, but the storage where they belong cannot be used yet. They are saved as soon as it can. The teacher has been notified.',
  ],
  ['cancelled', {}, 'Cancelled.'],
];

test.each(CASES)('%s %j', (reason, facts, sentence) =>
  expect(reasonSentence(reason, { attempts: 3, ...facts })).toBe(sentence),
);

test('every reason has its words', () => expect(new Set(CASES.map(([reason]) => reason))).toEqual(new Set(REASONS)));

test('is always one line that ends in a full stop and stays short', () => {
  const facts = fc.record(
    {
      attempts: fc.nat(10),
      node: fc.stringMatching(/^[A-Za-z]\w{0,40}$/),
      cause: fc.string({ unit: fc.constantFrom('a', '.', ' ', '\n', '…', 'out of memory'), maxLength: 400 }),
      minutes: fc.nat(600),
    },
    { requiredKeys: ['attempts'] },
  );
  fc.assert(
    fc.property(fc.constantFrom(...REASONS), facts, (reason, given) => {
      const sentence = reasonSentence(reason, given);
      expect(sentence).toMatch(/^\S.*[^.\s]\.$/);
      expect(sentence.length).toBeLessThan(400);
    }),
    { numRuns: 2000 },
  );
});
