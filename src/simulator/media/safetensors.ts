import type { TextEntry } from './png.ts';

export type Tensor = { name: string; shape: readonly number[]; values: Float32Array };

export function safetensorsFile(tensors: readonly Tensor[], entries: readonly TextEntry[]): Buffer {
  const header: { [name: string]: unknown } = {};
  if (entries.length > 0) header.__metadata__ = Object.fromEntries(entries.map(({ key, text }) => [key, text]));
  let offset = 0;
  for (const { name, shape, values } of tensors) {
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + values.byteLength] };
    offset += values.byteLength;
  }
  const json = Buffer.from(JSON.stringify(header));
  const padded = Buffer.concat([json, Buffer.alloc((8 - (json.length % 8)) % 8, ' ')]);
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(padded.length));
  const data = tensors.map(({ values }) => Buffer.from(values.buffer, values.byteOffset, values.byteLength));
  return Buffer.concat([size, padded, ...data]);
}
