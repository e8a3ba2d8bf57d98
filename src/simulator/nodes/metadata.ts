import type { TextEntry } from '../media/png.ts';
import { dumps, isObject, type Json, type JsonObject, PythonError, typeName } from '../replica/python.ts';

/** The prompt and each key of extra_pnginfo, as save nodes write them into files. */
export function metadataEntries(metadata: { prompt: JsonObject; extra: Json } | null): TextEntry[] {
  if (!metadata) return [];
  const { prompt, extra } = metadata;
  if (extra !== null && !isObject(extra)) {
    const message = Array.isArray(extra)
      ? 'list indices must be integers or slices, not dict'
      : `string indices must be integers, not 'str'`;
    throw new PythonError(
      'TypeError',
      typeof extra === 'object' || typeof extra === 'string' ? message : `'${typeName(extra)}' object is not iterable`,
    );
  }
  return [
    { key: 'prompt', text: dumps(prompt) },
    ...Object.entries(extra ?? {}).map(([key, value]) => ({ key, text: dumps(value) })),
  ];
}
