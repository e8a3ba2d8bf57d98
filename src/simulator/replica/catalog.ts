import path from 'node:path';
import { z } from 'zod';
import recorded from '../fixtures/object_info.json' with { type: 'json' };
import { extraClasses } from '../nodes/all.ts';
import { filesOf, folderOfInput, listFiles, outputModelFolders } from './model-folders.ts';
import { type NodeClass, readInfo } from './node-info.ts';
import { isObject, type Json, type JsonObject } from './python.ts';
import { atLeast } from './version.ts';

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

/** The node classes of this worker; lists of models and input files are read again each time. */
export class Catalog {
  private readonly raw: Map<string, JsonObject>;
  /** Classes whose inputs list no files, so that they never change. */
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
    const found = readInfo(info);
    const inputs = [...found.required.keys(), ...found.optional.keys()];
    if (!inputs.some((input) => `${className}.${input}` in filesOf || input in folderOfInput))
      this.fixed.set(className, found);
    return found;
  }
}
