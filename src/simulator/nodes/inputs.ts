import { PythonError, typeName } from '../replica/python.ts';
import {
  Audio,
  Conditioning,
  Guider,
  ImageBatch,
  isJson,
  Latent,
  Loaded,
  Mask,
  type NodeValue,
  Noise,
  Sigmas,
  Video,
} from './values.ts';

/** A constant in place of a tensor passes validation; Python then fails at the missing attribute. */
function lacks(value: NodeValue | undefined, attribute: string): PythonError {
  const type = value === undefined ? 'NoneType' : isJson(value) ? typeName(value) : value.constructor.name;
  return new PythonError('AttributeError', `'${type}' object has no attribute '${attribute}'`);
}

/** The inputs of one node at run time, read by name and type. */
export class Inputs {
  readonly values: ReadonlyMap<string, NodeValue>;
  constructor(values: ReadonlyMap<string, NodeValue>) {
    this.values = values;
  }

  get(name: string): NodeValue | undefined {
    return this.values.get(name);
  }
  number(name: string, otherwise?: number): number {
    const value = this.values.get(name);
    if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
    if (value === undefined && otherwise !== undefined) return otherwise;
    throw new PythonError('TypeError', `${name} must be a number`);
  }
  text(name: string, otherwise?: string): string {
    const value = this.values.get(name);
    if (typeof value === 'string') return value;
    if (value === undefined && otherwise !== undefined) return otherwise;
    throw lacks(value, 'replace');
  }
  flag(name: string, otherwise = false): boolean {
    const value = this.values.get(name);
    return typeof value === 'boolean' ? value : otherwise;
  }
  image(name: string): ImageBatch {
    const value = this.values.get(name);
    if (value instanceof ImageBatch) return value;
    throw lacks(value, 'shape');
  }
  mask(name: string): Mask {
    const value = this.values.get(name);
    if (value instanceof Mask) return value;
    throw lacks(value, 'reshape');
  }
  audio(name: string): Audio {
    const value = this.values.get(name);
    if (value instanceof Audio) return value;
    if (typeof value === 'string') throw new PythonError('TypeError', "string indices must be integers, not 'str'");
    throw lacks(value, 'waveform');
  }
  video(name: string): Video {
    const value = this.values.get(name);
    if (value instanceof Video) return value;
    throw lacks(value, 'get_dimensions');
  }
  latent(name: string): Latent {
    const value = this.values.get(name);
    if (value instanceof Latent) return value;
    throw lacks(value, 'copy');
  }
  conditioning(name: string): Conditioning {
    const value = this.values.get(name);
    if (value instanceof Conditioning) return value;
    throw lacks(value, 'copy');
  }
  noise(name: string): Noise {
    const value = this.values.get(name);
    if (value instanceof Noise) return value;
    throw lacks(value, 'seed');
  }
  sigmas(name: string): Sigmas {
    const value = this.values.get(name);
    if (value instanceof Sigmas) return value;
    throw lacks(value, 'shape');
  }
  guider(name: string): Guider {
    const value = this.values.get(name);
    if (value instanceof Guider) return value;
    throw lacks(value, 'sample');
  }
  loaded(name: string): Loaded {
    const value = this.values.get(name);
    if (value instanceof Loaded) return value;
    throw lacks(value, 'clone');
  }
}
