import type { NodeValue } from '../../nodes/values.ts';
import { asLink } from '../graph.ts';
import type { QueueItem } from '../heap.ts';
import { inputsOf, type NodeClass } from '../node-info.ts';
import { isObject, type Json, type JsonObject, PythonError, repr, typeName } from '../python.ts';
import { formatValue } from './format-value.ts';
import type { OutputCache } from './output-cache.ts';

/** The inputs of a node: its constants, and what the nodes before it have put out. */
export function inputValues(inputs: JsonObject, nodeClass: NodeClass, cache: OutputCache): Map<string, NodeValue> {
  const values = new Map<string, NodeValue>();
  for (const { name } of inputsOf(nodeClass, inputs)) {
    const given = inputs[name];
    if (given === undefined) continue;
    const link = asLink(given);
    const value = link ? cache.get(link.from)?.values[link.slot] : given;
    if (value !== undefined) values.set(name, value);
  }
  return values;
}

export function extraPnginfo({ extraData }: QueueItem): Json {
  if (!isObject(extraData))
    throw new PythonError('AttributeError', `'${typeName(extraData)}' object has no attribute 'get'`);
  return extraData.extra_pnginfo ?? null;
}

/** The values as an error message shows them, with the hidden ones. */
export function formattedInputs(
  values: ReadonlyMap<string, NodeValue>,
  id: string,
  nodeClass: NodeClass,
  item: QueueItem,
): JsonObject {
  const formatted: JsonObject = {};
  for (const [name, value] of values) formatted[name] = [formatValue(value)];
  for (const [name, kind] of nodeClass.hidden) {
    if (kind === 'PROMPT') formatted[name] = [repr(item.prompt)];
    if (kind === 'UNIQUE_ID') formatted[name] = [id];
    if (kind !== 'EXTRA_PNGINFO') continue;
    const extra = extraPnginfo(item);
    formatted[name] = [typeof extra === 'object' && extra !== null ? repr(extra) : extra];
  }
  return formatted;
}
