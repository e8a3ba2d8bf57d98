import { readdirSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import recorded from '../fixtures/object_info.json' with { type: 'json' };
import { extraClasses } from '../nodes/all.ts';
import { isObject, type Json, type JsonObject } from './python.ts';
import { atLeast } from './version.ts';

const inputSpec = z.union([
  z.tuple([z.union([z.string(), z.array(z.json())])]),
  z.tuple([z.union([z.string(), z.array(z.json())]), z.record(z.string(), z.json())]),
]);
const dynamicList = 'COMFY_DYNAMICCOMBO_V3';
const section = z.record(z.string(), inputSpec).default({});

const classSchema = z.looseObject({
  input: z.looseObject({
    required: section,
    optional: section,
    hidden: z.record(z.string(), z.union([z.string(), z.array(z.string())])).default({}),
  }),
  output: z.array(z.union([z.string(), z.array(z.json())])),
  output_node: z.boolean(),
});

export type InputSpec = { type: string | Json[]; config: JsonObject };
export type NodeClass = {
  required: ReadonlyMap<string, InputSpec>;
  optional: ReadonlyMap<string, InputSpec>;
  hidden: ReadonlyMap<string, string>;
  outputs: readonly (string | Json[])[];
  isOutput: boolean;
};

const optionSchema = z.object({
  key: z.string(),
  inputs: z.object({ required: section, optional: section }),
});

/** The inputs of a node: those of its class, and those that the choice in a dynamic list brings, as `list.input`. */
export function inputsOf(
  { required, optional }: NodeClass,
  given: JsonObject,
): { name: string; spec: InputSpec; isRequired: boolean }[] {
  const all = [
    ...[...required].map(([name, spec]) => ({ name, spec, isRequired: true })),
    ...[...optional].map(([name, spec]) => ({ name, spec, isRequired: false })),
  ];
  return all.flatMap((input) => {
    if (input.spec.type !== dynamicList || !Array.isArray(input.spec.config.options)) return [input];
    const chosen = input.spec.config.options
      .map((option) => optionSchema.parse(option))
      .find(({ key }) => key === given[input.name]);
    const brought = (part: z.infer<typeof section>, isRequired: boolean) =>
      Object.entries(part).map(([name, [type, config]]) => ({
        name: `${input.name}.${name}`,
        spec: { type, config: config ?? {} },
        isRequired,
      }));
    return chosen
      ? [input, ...brought(chosen.inputs.required, true), ...brought(chosen.inputs.optional, false)]
      : [input];
  });
}

/** Ships with ComfyUI as a custom node, so a recording made without custom nodes does not list it. */
const saveImageWebsocket: JsonObject = {
  input: { required: { images: ['IMAGE'] } },
  input_order: { required: ['images'] },
  output: [],
  output_is_list: [],
  output_name: [],
  name: 'SaveImageWebsocket',
  display_name: 'SaveImageWebsocket',
  description: '',
  python_module: 'custom_nodes.websocket_image_save',
  category: 'api/image',
  output_node: true,
};

export const modelFolders = [
  'checkpoints',
  'configs',
  'loras',
  'vae',
  'text_encoders',
  'diffusion_models',
  'clip_vision',
  'style_models',
  'embeddings',
  'diffusers',
  'vae_approx',
  'controlnet',
  'gligen',
  'upscale_models',
  'custom_nodes',
  'hypernetworks',
  'photomaker',
  'classifiers',
  'model_patches',
  'audio_encoders',
] as const;

const folderOfInput: { [input: string]: string } = {
  ckpt_name: 'checkpoints',
  lora_name: 'loras',
  unet_name: 'diffusion_models',
  vae_name: 'vae',
  clip_name: 'text_encoders',
  clip_name1: 'text_encoders',
  clip_name2: 'text_encoders',
  clip_name3: 'text_encoders',
  clip_name4: 'text_encoders',
  control_net_name: 'controlnet',
  style_model_name: 'style_models',
  gligen_name: 'gligen',
  model_name: 'upscale_models',
  hypernetwork_name: 'hypernetworks',
  photomaker_model_name: 'photomaker',
  audio_encoder_name: 'audio_encoders',
};

/** Below the output directory these folders are searched for models too. */
export const outputModelFolders: { [folder: string]: string } = {
  checkpoints: 'checkpoints',
  text_encoders: 'clip',
  vae: 'vae',
  diffusion_models: 'diffusion_models',
  loras: 'loras',
};

const filesOf: { [input: string]: RegExp } = {
  'LoadImage.image': /\.(png|jpe?g|webp|gif|bmp|tiff?|avif)$/i,
  'LoadImageMask.image': /\.(png|jpe?g|webp|gif|bmp|tiff?|avif)$/i,
  'LoadAudio.audio': /\.(flac|mp3|opus|ogg|wav|m4a|aac|mp4|webm|mkv|mov)$/i,
  'LoadVideo.file': /\.(mp4|webm|mkv|mov|avi)$/i,
  'LoadLatent.latent': /\.latent$/i,
};

function listFiles(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => entry.name)
      .sort();
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return [];
    throw error;
  }
}

/** The node classes of this worker; lists of models and input files are read anew at each look. */
export class Catalog {
  private readonly raw: Map<string, JsonObject>;
  /** Classes whose inputs list no files, so that they are the same at each look. */
  private readonly fixed = new Map<string, NodeClass>();
  private readonly models: { [folder: string]: readonly string[] };
  private readonly inputs: string;
  private readonly outputs: string;

  constructor(options: {
    models: { [folder: string]: readonly string[] };
    version: string;
    inputs: string;
    outputs: string;
  }) {
    const all = z.record(z.string(), z.record(z.string(), z.json())).parse(recorded);
    this.raw = new Map([...Object.entries(all), ['SaveImageWebsocket', saveImageWebsocket]]);
    for (const [name, { info, since }] of Object.entries(extraClasses))
      if (since === undefined || atLeast(options.version, since)) this.raw.set(name, info);
    this.models = options.models;
    this.inputs = options.inputs;
    this.outputs = options.outputs;
  }

  modelsIn(folder: string): string[] {
    const below = outputModelFolders[folder];
    const saved = below ? listFiles(path.join(this.outputs, below)) : [];
    return [
      ...(this.models[folder] ?? []),
      ...saved.filter((name) => /\.(safetensors|ckpt|pt|pth|bin|sft)$/.test(name)),
    ];
  }

  private listFor(className: string, input: string): string[] | null {
    const files = filesOf[`${className}.${input}`];
    if (files) return listFiles(this.inputs).filter((name) => files.test(name));
    if (className === 'CLIPVisionLoader' && input === 'clip_name') return this.modelsIn('clip_vision');
    const folder = folderOfInput[input];
    return folder ? this.modelsIn(folder) : null;
  }

  private withList(className: string, input: string, spec: Json): Json {
    if (!Array.isArray(spec)) return spec;
    const list = this.listFor(className, input);
    if (!list) return spec;
    const [type, config] = spec;
    if (Array.isArray(type)) return [[...list, ...type], ...spec.slice(1)];
    if (type !== 'COMBO' || !isObject(config)) return spec;
    return [type, { ...config, options: [...list, ...(Array.isArray(config.options) ? config.options : [])] }];
  }

  /** One entry of /object_info. */
  info(className: string): JsonObject | null {
    const entry = this.raw.get(className);
    if (!entry || !isObject(entry.input)) return null;
    const input: JsonObject = {};
    for (const [name, specs] of Object.entries(entry.input)) {
      input[name] = specs;
      if (name === 'hidden' || !isObject(specs)) continue;
      input[name] = Object.fromEntries(
        Object.entries(specs).map(([key, spec]) => [key, this.withList(className, key, spec)]),
      );
    }
    return { ...entry, input };
  }

  infoOfAll(): JsonObject {
    const all: JsonObject = {};
    for (const name of this.raw.keys()) all[name] = this.info(name);
    return all;
  }

  has(className: string): boolean {
    return this.raw.has(className);
  }

  get(className: string): NodeClass | null {
    const known = this.fixed.get(className);
    if (known) return known;
    const info = this.info(className);
    if (!info) return null;
    const parsed = classSchema.parse(info);
    const specs = (part: z.infer<typeof section>): Map<string, InputSpec> =>
      new Map(Object.entries(part).map(([name, spec]) => [name, { type: spec[0], config: spec[1] ?? {} }]));
    const found: NodeClass = {
      required: specs(parsed.input.required),
      optional: specs(parsed.input.optional),
      hidden: new Map(
        Object.entries(parsed.input.hidden).flatMap(([name, kind]) =>
          typeof kind === 'string' ? [[name, kind] as const] : [],
        ),
      ),
      outputs: parsed.output,
      isOutput: parsed.output_node,
    };
    const inputs = [...found.required.keys(), ...found.optional.keys()];
    if (!inputs.some((input) => `${className}.${input}` in filesOf || input in folderOfInput))
      this.fixed.set(className, found);
    return found;
  }
}
