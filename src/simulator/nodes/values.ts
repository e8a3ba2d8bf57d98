import type { Json } from '../replica/python.ts';

/** What travels along the links of a graph. */

/** RGB (3) or RGBA (4) frames of one size, one byte per channel. */
export class ImageBatch {
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
  readonly frames: readonly Uint8Array[];
  constructor(width: number, height: number, channels: 3 | 4, frames: readonly Uint8Array[]) {
    this.width = width;
    this.height = height;
    this.channels = channels;
    this.frames = frames;
  }
}

export class Mask {
  readonly width: number;
  readonly height: number;
  readonly frames: readonly Uint8Array[];
  constructor(width: number, height: number, frames: readonly Uint8Array[]) {
    this.width = width;
    this.height = height;
    this.frames = frames;
  }
}

export class Audio {
  readonly sampleRate: number;
  readonly channels: readonly Float32Array[];
  constructor(sampleRate: number, channels: readonly Float32Array[]) {
    this.sampleRate = sampleRate;
    this.channels = channels;
  }
  get length(): number {
    return this.channels[0]?.length ?? 0;
  }
}

export class Video {
  readonly images: ImageBatch;
  readonly fps: number;
  readonly audio: Audio | null;
  constructor(images: ImageBatch, fps: number, audio: Audio | null) {
    this.images = images;
    this.fps = fps;
    this.audio = audio;
  }
}

/** What a sampler produced in place of a real picture. */
export type Dream = { prompt: string; seed: number; steps: number; denoise: number };

export class Latent {
  readonly width: number;
  readonly height: number;
  readonly batch: number;
  readonly frames: number;
  readonly dream: Dream | null;
  readonly base: ImageBatch | null;
  constructor(
    size: { width: number; height: number; batch: number; frames: number },
    dream: Dream | null,
    base: ImageBatch | null,
  ) {
    this.width = size.width;
    this.height = size.height;
    this.batch = size.batch;
    this.frames = size.frames;
    this.dream = dream;
    this.base = base;
  }
}

export class Conditioning {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export class Noise {
  readonly seed: number;
  constructor(seed: number) {
    this.seed = seed;
  }
}

export class Sigmas {
  readonly steps: number;
  constructor(steps: number) {
    this.steps = steps;
  }
}

export class Guider {
  readonly conditioning: Conditioning;
  constructor(conditioning: Conditioning) {
    this.conditioning = conditioning;
  }
}

/** A model, text encoder, decoder or sampler: known by its type and name only. */
export class Loaded {
  readonly type: string;
  readonly name: string;
  constructor(type: string, name: string) {
    this.type = type;
    this.name = name;
  }
}

/** In place of a value: nothing that uses it runs. A message is shown to connected clients. */
export class Blocked {
  readonly message: string | null;
  constructor(message: string | null) {
    this.message = message;
  }
}

export class File3D {
  readonly format: string;
  readonly bytes: Buffer;
  constructor(format: string, bytes: Buffer) {
    this.format = format;
    this.bytes = bytes;
  }
}

export type NodeValue =
  | Json
  | File3D
  | Blocked
  | ImageBatch
  | Mask
  | Audio
  | Video
  | Latent
  | Conditioning
  | Noise
  | Sigmas
  | Guider
  | Loaded;

export function isJson(value: NodeValue): value is Json {
  return !(
    value instanceof Blocked ||
    value instanceof File3D ||
    value instanceof ImageBatch ||
    value instanceof Mask ||
    value instanceof Audio ||
    value instanceof Video ||
    value instanceof Latent ||
    value instanceof Conditioning ||
    value instanceof Noise ||
    value instanceof Sigmas ||
    value instanceof Guider ||
    value instanceof Loaded
  );
}
