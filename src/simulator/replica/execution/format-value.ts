import { Audio, ImageBatch, isJson, Latent, Mask, type NodeValue } from '../../nodes/values.ts';
import { type Json, repr } from '../python.ts';

const edge = 3;

/** A tensor as torch prints it: all of it up to 1000 numbers, else three from each end of each dimension. */
function tensorText(shape: readonly number[], at: (index: number) => number): string {
  const size = shape.reduce((product, length) => product * length, 1);
  const shorten = size > 1000;
  const shown: number[] = [];
  const visit = (level: number, offset: number, use: (value: number) => void): void => {
    const length = shape[level];
    if (length === undefined) {
      use(at(offset));
      return;
    }
    const stride = shape.slice(level + 1).reduce((product, next) => product * next, 1);
    for (let index = 0; index < length; index++) {
      if (shorten && length > 2 * edge && index >= edge && index < length - edge) continue;
      visit(level + 1, offset + index * stride, use);
    }
  };
  visit(0, 0, (value) => shown.push(value));
  const whole = shown.every(Number.isInteger);
  const width = Math.max(0, ...shown.map((value) => (whole ? `${value}.` : value.toFixed(4)).length));
  const print = (value: number): string => (whole ? `${value}.` : value.toFixed(4)).padStart(width);
  const block = (level: number, offset: number, indent: number): string => {
    const length = shape[level];
    if (length === undefined) return print(at(offset));
    const stride = shape.slice(level + 1).reduce((product, next) => product * next, 1);
    const last = level === shape.length - 1;
    const parts: string[] = [];
    for (let index = 0; index < length; index++) {
      if (shorten && length > 2 * edge && index === edge) parts.push(last ? ' ...' : '...');
      if (shorten && length > 2 * edge && index >= edge && index < length - edge) continue;
      parts.push(block(level + 1, offset + index * stride, indent + 1));
    }
    const gap = last ? ', ' : `,${'\n'.repeat(shape.length - 1 - level)}${' '.repeat(indent + 1)}`;
    return `[${parts.join(gap)}]`;
  };
  return `tensor(${block(0, 0, 'tensor('.length)})`;
}

/** What `current_inputs` of an execution error shows of a value. */
export function formatValue(value: NodeValue): Json {
  if (isJson(value)) return typeof value === 'object' && value !== null ? repr(value) : value;
  if (value instanceof ImageBatch) {
    const { width, height, channels, frames } = value;
    const perFrame = width * height * channels;
    const at = (index: number): number => (frames[Math.floor(index / perFrame)]?.[index % perFrame] ?? 0) / 255;
    return tensorText([frames.length, height, width, channels], at);
  }
  if (value instanceof Mask) {
    const perFrame = value.width * value.height;
    const at = (index: number): number => (value.frames[Math.floor(index / perFrame)]?.[index % perFrame] ?? 0) / 255;
    return tensorText([value.frames.length, value.height, value.width], at);
  }
  if (value instanceof Audio) {
    const { channels, length, sampleRate } = value;
    const at = (index: number): number => channels[Math.floor(index / length)]?.[index % length] ?? 0;
    return `{'waveform': ${tensorText([1, channels.length, length], at)}, 'sample_rate': ${sampleRate}}`;
  }
  if (value instanceof Latent) {
    const shape = [value.batch, 4, value.height >> 3, value.width >> 3];
    return `{'samples': ${tensorText(shape, () => 0)}}`;
  }
  return `<comfy.simulated.${value.constructor.name} object>`;
}
