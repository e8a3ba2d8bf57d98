import { isObject, type Json, type JsonObject, PythonError, repr, typeName } from './python.ts';

export type Link = { from: string; slot: number };

/** A list of two is a link if it has the form of one; anything else is a constant. */
export function asLink(value: Json | undefined): Link | null {
  if (!Array.isArray(value) || value.length !== 2) return null;
  const [from, slot] = value;
  return typeof from === 'string' && typeof slot === 'number' ? { from, slot } : null;
}

export type GraphNode = { raw: JsonObject; classType: string; inputs: JsonObject };

/** The node with this id; raises what a Python dict would. */
export function nodeOf(prompt: JsonObject, id: string): GraphNode {
  const raw = prompt[id];
  if (raw === undefined) throw new PythonError('KeyError', repr(id));
  if (!isObject(raw)) throw new PythonError('TypeError', `'${typeName(raw)}' object is not subscriptable`);
  const inputs = raw.inputs;
  if (inputs === undefined) throw new PythonError('KeyError', "'inputs'");
  if (!isObject(inputs)) throw new PythonError('TypeError', `argument of type '${typeName(inputs)}' is not iterable`);
  const classType = raw.class_type;
  if (typeof classType !== 'string') throw new PythonError('KeyError', repr(classType ?? 'class_type'));
  return { raw, classType, inputs };
}
