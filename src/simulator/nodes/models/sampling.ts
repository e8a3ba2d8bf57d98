import sharp from 'sharp';
import { renderScene } from '../images/picture.ts';
import type { Inputs } from '../inputs.ts';
import type { NodeContext, NodeResult, NodeTable, Preview } from '../node.ts';
import { type Dream, Guider, Latent, Loaded, Noise, Sigmas } from '../values.ts';

/** One step for 512 x 512 on a warm worker; 20 of them take six seconds. */
const msPerStep = 300;

const previewSide = 256;

/** What a sampler shows of a picture of which this part is done: small, and clearer from step to step. */
async function previewOf(dream: Dream, done: number, { width, height }: Latent): Promise<Preview> {
  const scale = Math.min(1, previewSide / Math.max(width, height));
  const size = { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
  const pixels = await renderScene(dream, size.width, size.height, 0);
  const raw = { ...size, channels: 3 as const };
  const bytes = await sharp(pixels, { raw })
    .blur(0.5 + 12 * (1 - done))
    .jpeg({ quality: 70 })
    .toBuffer();
  return { type: 'JPEG', bytes };
}

async function sample(latent: Latent, dream: Dream, steps: number, context: NodeContext): Promise<NodeResult> {
  const area = (latent.width * latent.height) / (512 * 512);
  const stepMs = msPerStep * area * latent.batch * (1 + (latent.frames - 1) / 16);
  for (let step = 1; step <= steps; step++) {
    await context.pause(stepMs);
    const preview = context.previews ? await previewOf(dream, step / steps, latent) : null;
    await context.progress(step, steps, preview);
  }
  return { values: [new Latent(latent, dream, latent.base)] };
}

const dreamOf = (inputs: Inputs, seedInput: string, denoise: number): Dream => ({
  prompt: inputs.conditioning('positive').text,
  seed: inputs.number(seedInput),
  steps: inputs.number('steps'),
  denoise,
});

/** Samplers of a diffusion model, simulated: they take as long, and pass on prompt, seed and size. */
export const samplingNodes: NodeTable = {
  KSampler: (inputs, context) => {
    const latent = inputs.latent('latent_image');
    inputs.loaded('model');
    const denoise = inputs.number('denoise');
    return sample(latent, dreamOf(inputs, 'seed', denoise), inputs.number('steps'), context);
  },
  KSamplerAdvanced: (inputs, context) => {
    const latent = inputs.latent('latent_image');
    inputs.loaded('model');
    const [start, end] = [
      inputs.number('start_at_step'),
      Math.min(inputs.number('steps'), inputs.number('end_at_step')),
    ];
    const denoise = inputs.number('steps') > 0 ? 1 - start / inputs.number('steps') : 1;
    // A second sampler continues with the picture of the first.
    const dream = latent.dream ?? dreamOf(inputs, 'noise_seed', denoise);
    return sample(latent, dream, Math.max(1, end - start), context);
  },
  RandomNoise: (inputs) => ({ values: [new Noise(inputs.number('noise_seed'))] }),
  KSamplerSelect: (inputs) => ({ values: [new Loaded('SAMPLER', inputs.text('sampler_name'))] }),
  BasicScheduler: (inputs) => ({ values: [new Sigmas(inputs.number('steps'))] }),
  BasicGuider: (inputs) => ({ values: [new Guider(inputs.conditioning('conditioning'))] }),
  CFGGuider: (inputs) => ({ values: [new Guider(inputs.conditioning('positive'))] }),
  SamplerCustomAdvanced: async (inputs, context) => {
    const { steps } = inputs.sigmas('sigmas');
    const dream = {
      prompt: inputs.guider('guider').conditioning.text,
      seed: inputs.noise('noise').seed,
      steps,
      denoise: 1,
    };
    const { values } = await sample(inputs.latent('latent_image'), dream, steps, context);
    return { values: [...values, ...values] };
  },
};
