import type { Graph } from '#src/domain/workflow/graph.ts';
import { picture } from '../testing/graphs.ts';

type Save = { readonly class_type: string; readonly inputs: Record<string, unknown> };

const saved = (save: Save, more: Graph = {}): Graph => ({
  ...picture({ width: 160, height: 128, batch: 4 }),
  ...more,
  '9': save,
});

/** Large enough that a worker can die in the middle of writing it. */
export const largePicture = (): Graph => picture({ width: 320, height: 320 });
export const animation = (): Graph =>
  saved({
    class_type: 'SaveAnimatedWEBP',
    inputs: { images: ['2', 0], filename_prefix: 'anim', fps: 6, lossless: true, quality: 80, method: 'default' },
  });
export const film = (): Graph =>
  saved(
    { class_type: 'SaveVideo', inputs: { video: ['3', 0], filename_prefix: 'film', format: 'auto', codec: 'auto' } },
    { '3': { class_type: 'CreateVideo', inputs: { images: ['2', 0], fps: 6 } } },
  );
/** Passes a worker's checks and fails when it runs. */
export const failing = (): Graph => ({
  ...picture(),
  '3': { class_type: 'ImageInvert', inputs: { image: 'no picture' } },
  '9': { class_type: 'SaveImage', inputs: { images: ['3', 0], filename_prefix: 'never' } },
});
