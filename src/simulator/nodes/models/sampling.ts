import type { Inputs } from '../inputs.ts';
import type { NodeContext, NodeResult, NodeTable } from '../node.ts';
import { type Dream, Guider, Latent, Loaded, Noise, Sigmas } from '../values.ts';

/** One step for 512 x 512 on a warm worker; 20 of them take six seconds. */
const msPerStep = 300;

async function sample(latent: Latent, dream: Dream, steps: number, context: NodeContext): Promise<NodeResult> {
  const area = (latent.width * latent.height) / (512 * 512);
  const stepMs = msPerStep * area * latent.batch * (1 + (latent.frames - 1) / 16);
  for (let step = 1; step <= steps; step++) {
    await context.pause(stepMs);
    await context.progress(step, steps, null);
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
