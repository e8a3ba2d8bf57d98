import type { inferRouterOutputs } from '@trpc/server';
import * as z from 'zod/mini';
import type { AppRouter } from '#src/api/app/router.ts';
import { type Preset, preset } from '#src/domain/fields/preset.ts';
import { apiWorkflow } from './read/read-workflow.ts';

const sample = z.object({
  id: z.string(),
  title: z.string(),
  makes: z.string(),
  file: z.string(),
  /** What it may look like. */
  picture: z.string(),
  preset,
});
const index = z.object({ samples: z.array(sample) });

export type OfferedGraph = z.infer<typeof apiWorkflow>['prompt'];

type Shown = {
  readonly id: string;
  readonly name: string;
  readonly makes: string;
  readonly pictureUrl: string | null;
};
/** What can be run without a file of one's own. */
export type Offer = Shown &
  (
    | { readonly type: 'class'; readonly preset: Preset | null }
    /** Of the class too, without the format that GPUs take. */
    | { readonly type: 'editor' }
    | { readonly type: 'sample'; readonly file: string; readonly preset: Preset }
  );

type Listed = inferRouterOutputs<AppRouter>['workflows']['list'][number];

/** Of the class' workflows, those that can be run from here, or at least opened in ComfyUI. */
export const classOffers = (listed: readonly Listed[], hasComfy: boolean): Offer[] =>
  listed.flatMap(({ id, name, canRun, makes, pictureUrl, preset: set }): Offer[] => {
    const shown = { id, name, makes: makes ?? '', pictureUrl };
    if (canRun) return [{ type: 'class', ...shown, preset: set }];
    return hasComfy ? [{ type: 'editor', ...shown }] : [];
  });

async function fetchJson(path: string): Promise<unknown> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path} could not be read: the server responded with ${response.status}.`);
  return response.json();
}

export const fetchSamples = async (): Promise<Offer[]> =>
  index
    .parse(await fetchJson('/workflows/index.json'))
    .samples.map(({ id, title, makes, file, picture, preset: set }) => ({
      type: 'sample',
      id,
      name: title,
      makes,
      pictureUrl: `/workflows/${picture}`,
      file,
      preset: set,
    }));

export const fetchSampleGraph = async (file: string): Promise<OfferedGraph> =>
  apiWorkflow.parse(await fetchJson(`/workflows/${file}`)).prompt;

/** Those that have all of these words in their name, or in what they make. */
export function matching(offers: readonly Offer[], words: string): readonly Offer[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return offers.filter(({ name, makes }) => {
    const text = `${name} ${makes}`.toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}
