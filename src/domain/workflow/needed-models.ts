import type { Graph } from './graph.ts';

/** A file below the models: `name` is its path below its folder, as loaders call it. */
export type ModelFile = {
  readonly folder: string;
  readonly name: string;
  readonly bytes: number;
  readonly modifiedMs?: number;
};

export type NeededModel = {
  readonly name: string;
  /** Where its loader looks, the usual place first; null = the loader is unknown here. */
  readonly folders: readonly string[] | null;
  readonly loaders: readonly string[];
};

const CHECKPOINTS = ['checkpoints'];
const DIFFUSION = ['diffusion_models', 'unet'];
const TEXT = ['text_encoders', 'clip'];
const LORAS = ['loras'];

/** By the name of the input: no two loaders mean different folders by one, but for those below. */
const FOLDERS: Readonly<Record<string, readonly string[]>> = {
  ckpt_name: CHECKPOINTS,
  unet_name: DIFFUSION,
  vae_name: ['vae'],
  clip_name: TEXT,
  clip_name1: TEXT,
  clip_name2: TEXT,
  clip_name3: TEXT,
  clip_name4: TEXT,
  lora_name: LORAS,
  control_net_name: ['controlnet'],
  style_model_name: ['style_models'],
  gligen_name: ['gligen'],
  hypernetwork_name: ['hypernetworks'],
  photomaker_model_name: ['photomaker'],
  audio_encoder_name: ['audio_encoders'],
};
const OF_CLASS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  CLIPVisionLoader: { clip_name: ['clip_vision'] },
  UpscaleModelLoader: { model_name: ['upscale_models'] },
  LatentUpscaleModelLoader: { model_name: ['latent_upscale_models'] },
  ModelPatchLoader: { name: ['model_patches'] },
};
/** Offered by loaders without any file. */
const BUILT_IN = new Set(['pixel_space']);
const MODEL_FILE = /\.(safetensors|sft|ckpt|pt2?|pth|bin|gguf|pkl|onnx)$/i;

/** Where the loader of an input looks, the usual place first; null = it is unknown here. */
export const foldersOf = (classType: string, input: string): readonly string[] | null =>
  OF_CLASS[classType]?.[input] ?? FOLDERS[input] ?? null;

/** Whether this value of a node names a model. */
export const isModelInput = (classType: string, input: string, value: string): boolean =>
  foldersOf(classType, input) !== null || MODEL_FILE.test(value);

/** A worker on Windows names them with backslashes. */
export const slashed = (name: string): string => name.replaceAll('\\', '/');

/** The files that the loaders of a graph name, each once. */
export function neededModels(graph: Graph): NeededModel[] {
  const needed = new Map<string, { name: string; folders: readonly string[] | null; loaders: Set<string> }>();
  for (const { class_type, inputs } of Object.values(graph))
    for (const [input, value] of Object.entries(inputs)) {
      if (typeof value !== 'string' || value === '' || BUILT_IN.has(value)) continue;
      const folders = foldersOf(class_type, input);
      // A loader's other choices, such as "taesd", are put together from files that it knows itself.
      if (!MODEL_FILE.test(value)) continue;
      const name = slashed(value);
      const key = `${folders?.[0] ?? ''} ${name}`;
      const known = needed.get(key) ?? { name, folders, loaders: new Set() };
      known.loaders.add(class_type);
      needed.set(key, known);
    }
  return [...needed.values()].map(({ loaders, ...rest }) => ({ ...rest, loaders: [...loaders] }));
}

export type Checked = NeededModel & {
  readonly found: ModelFile | null;
  /** Where it is not: files that may be meant, likeliest first. */
  readonly near: readonly ModelFile[];
};

const MAX_NEAR = 3;
const NEAR_ENOUGH = 0.55;

const base = (name: string): string => name.slice(name.lastIndexOf('/') + 1);
const plain = (name: string): string =>
  base(name)
    .toLowerCase()
    .replace(MODEL_FILE, '')
    .replace(/[^a-z0-9]/g, '');

function pairs(text: string): Set<string> {
  const found = new Set<string>();
  for (let at = 0; at + 1 < text.length; at += 1) found.add(text.slice(at, at + 2));
  return found;
}

/** From 0 to 1: how many pairs of neighbouring letters two names share. */
function fingerprint(a: string, b: string): number {
  const [ofA, ofB] = [pairs(plain(a)), pairs(plain(b))];
  const shared = [...ofA].filter((pair) => ofB.has(pair)).length;
  return ofA.size + ofB.size === 0 ? 0 : (2 * shared) / (ofA.size + ofB.size);
}

/** Which of them are there, and what may be meant instead where one is not. */
export function checkModels(needed: readonly NeededModel[], files: readonly ModelFile[]): Checked[] {
  return needed.map((model) => {
    const { name, folders } = model;
    const found =
      files.find((file) => file.name === name && (folders === null || folders.includes(file.folder))) ?? null;
    if (found) return { ...model, found, near: [] };
    const score = (file: ModelFile): number =>
      fingerprint(name, file.name) +
      (base(file.name) === base(name) ? 1 : 0) +
      (folders?.includes(file.folder) ? 0.1 : 0);
    const near = files
      .filter((file) => fingerprint(name, file.name) >= NEAR_ENOUGH)
      .toSorted((a, b) => score(b) - score(a))
      .slice(0, MAX_NEAR);
    return { ...model, found: null, near };
  });
}
