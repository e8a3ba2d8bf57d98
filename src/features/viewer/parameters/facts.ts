import type { inferRouterOutputs } from '@trpc/server';
import type { AppRouter } from '#src/api/app/router.ts';
import { clock, fileSize } from '#src/domain/measures.ts';
import { tookWords } from '#src/domain/messages/phase-words.ts';

/** A result with its generation parameters and job. */
export type Detail = inferRouterOutputs<AppRouter>['results']['get'];

export const FACTS = [
  'Prompt',
  'Negative',
  'Model',
  'LoRA',
  'Sampler',
  'Steps',
  'CFG',
  'Seed',
  'Size',
  'Frames',
  'Length',
  'File',
  'Made',
  'Took',
  'On the GPU',
] as const;
export type FactName = (typeof FACTS)[number];

const said = (value: string | number | null): string | null => (value === null || value === '' ? null : String(value));

/** What there is to say about a result, ready to be read; null where nothing is known. */
export function factsOf({ result, job, madeWith, gpuMs }: Detail): Record<FactName, string | null> {
  const { prompt, negative, model, loras, sampler, scheduler, steps, cfg, frames } = madeWith;
  return {
    Prompt: prompt,
    Negative: negative,
    Model: model,
    LoRA: said(loras.join(', ')),
    Sampler: said([sampler, scheduler].filter(Boolean).join(', ')),
    Steps: said(steps),
    CFG: said(cfg),
    // As text, very large numbers keep every digit.
    Seed: result.seed ?? said(madeWith.seed),
    Size: result.width && result.height ? `${result.width} × ${result.height}` : null,
    Frames: said(frames),
    Length: result.duration === null ? null : clock(result.duration * 1000),
    File: fileSize(result.bytes),
    Made: new Date(result.createdAt).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' }),
    Took: tookWords(job),
    'On the GPU': gpuMs === null ? null : gpuMs < 1000 ? 'less than a second' : clock(gpuMs),
  };
}
