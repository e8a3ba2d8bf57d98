import { AppError } from '../errors.ts';
import { isRecord } from '../workflow/graph.ts';
import type { Upload } from './inputs.ts';

/** Where a graph names a file of its sender's: `{"__type":"core/ASSET","info":{"id":"…"}}` in the place of a file name. `id` null = it says no id. */
export type AssetReference = { readonly nodeId: string; readonly input: string; readonly id: string | null };

const TYPE = 'core/ASSET';
const MAX_REFERENCES = 1000;
const MAX_DEPTH = 64;

const isReference = (value: unknown): value is Record<string, unknown> => isRecord(value) && value.__type === TYPE;

function idOf({ info }: Record<string, unknown>): string | null {
  const id = isRecord(info) ? info.id : undefined;
  return typeof id === 'string' && id !== '' ? id : null;
}

/** `isDeep`: in a list or further in, where the names of uploads are not read, neither at submit nor when the graph is sent. */
type NameOf = (id: string | null, isDeep: boolean) => string | undefined;

/** The same value where nothing in it is a reference. */
function replaced(value: unknown, nameOf: NameOf, depth = 0, inList = false): unknown {
  if (isReference(value)) return nameOf(idOf(value), inList || depth > 1) ?? value;
  // Whoever reads the graph refuses it.
  if (depth > MAX_DEPTH) return value;
  if (Array.isArray(value)) {
    const next = value.map((item: unknown) => replaced(item, nameOf, depth + 1, true));
    return next.some((item, index) => item !== value[index]) ? next : value;
  }
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, replaced(item, nameOf, depth + 1, inList)] as const);
  return entries.some(([key, item]) => item !== value[key]) ? Object.fromEntries(entries) : value;
}

/** Every reference in the inputs of a graph that was not checked yet. AppError `invalid_graph` when there are too many. */
export function assetReferences(prompt: unknown): AssetReference[] {
  const found: AssetReference[] = [];
  for (const [nodeId, node] of isRecord(prompt) ? Object.entries(prompt) : [])
    for (const [input, value] of isRecord(node) && isRecord(node.inputs) ? Object.entries(node.inputs) : [])
      replaced(value, (id) => {
        if (found.length === MAX_REFERENCES)
          throw new AppError('invalid_graph', `The workflow names more than ${MAX_REFERENCES} assets.`);
        found.push({ nodeId, input, id });
        return undefined;
      });
  return found;
}

/**
 * The graph with the names of uploads in the place of references; in lists, with the names of their files on the share. A reference without an upload
 * stays; nothing else differs.
 */
export function withAssets(prompt: unknown, uploads: ReadonlyMap<string, Upload>): unknown {
  if (!isRecord(prompt)) return prompt;
  const nameOf: NameOf = (id, isDeep) => {
    const upload = id === null ? undefined : uploads.get(id);
    return isDeep ? upload?.file : upload?.name;
  };
  const named = (inputs: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(inputs).map(([input, value]) => [input, replaced(value, nameOf)]));
  return Object.fromEntries(
    Object.entries(prompt).map(([id, node]) => [
      id,
      isRecord(node) && isRecord(node.inputs) ? { ...node, inputs: named(node.inputs) } : node,
    ]),
  );
}
