import type { Graph } from '#src/domain/workflow/graph.ts';

const SHOTS = 14;
const PROMPT_LENGTH = 2050;
const WORDS =
  'a lighthouse on a cliff at dusk, fog rolling in from the sea, 35mm anamorphic lens, soft rim light, film grain, the keeper climbs the stair with a lantern, waves below, muted teal and amber palette, shallow depth of field, slow dolly forward, wet stone, gulls, distant thunder'.split(
    ' ',
  );

function prompt(shot: number): string {
  let text = `Shot ${shot + 1}:`;
  for (let n = shot * 7; text.length < PROMPT_LENGTH; n += 1 + (n % 3)) text += ` ${WORDS[n % WORDS.length]}`;
  return text;
}

const node = (class_type: string, inputs: Record<string, unknown>) => ({ class_type, inputs });

/** A storyboard as participants make them: 60 nodes with long prompts, 36 KB of JSON, one save node. */
export function storyboard(): Graph {
  const shots = Array.from({ length: SHOTS }, (_, shot) => shot);
  const before = (shot: number) => (shot === 1 ? 'decode0' : `batch${shot - 1}`);
  return {
    model: node('CheckpointLoaderSimple', { ckpt_name: 'sd_xl_base_1.0.safetensors' }),
    negative: node('CLIPTextEncode', { text: 'blurry, low quality, watermark, text', clip: ['model', 1] }),
    size: node('EmptyLatentImage', { width: 1024, height: 576, batch_size: 1 }),
    ...Object.fromEntries(
      shots.flatMap((shot) => [
        [`text${shot}`, node('CLIPTextEncode', { text: prompt(shot), clip: ['model', 1] })],
        [
          `sample${shot}`,
          node('KSampler', {
            seed: 7_000_000 + shot,
            steps: 30,
            cfg: 6.5,
            sampler_name: 'dpmpp_2m',
            scheduler: 'karras',
            denoise: 1,
            model: ['model', 0],
            positive: [`text${shot}`, 0],
            negative: ['negative', 0],
            latent_image: ['size', 0],
          }),
        ],
        [`decode${shot}`, node('VAEDecode', { samples: [`sample${shot}`, 0], vae: ['model', 2] })],
        ...(shot === 0
          ? []
          : [[`batch${shot}`, node('ImageBatch', { image1: [before(shot), 0], image2: [`decode${shot}`, 0] })]]),
      ]),
    ),
    save: node('SaveImage', { images: [`batch${SHOTS - 1}`, 0], filename_prefix: 'storyboard/lighthouse' }),
  };
}
