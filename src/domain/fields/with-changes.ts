import { AppError } from '../errors.ts';
import type { Graph, GraphNode } from '../workflow/graph.ts';
import type { FieldValue } from './fields-of.ts';

/** A new value for an input. A whole number may be text: JSON would round the largest seeds. */
export type Change = { readonly nodeId: string; readonly input: string; readonly value: string | number | boolean };

const WHOLE = /^-?\d{1,20}$/;

function asBefore(before: unknown, value: Change['value']): FieldValue | null {
  switch (typeof before) {
    case 'string':
      return typeof value === 'string' ? value : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    case 'number':
    case 'bigint': {
      if (typeof value === 'boolean') return null;
      if (typeof value === 'string' && !WHOLE.test(value)) return null;
      const near = Number(value);
      if (!Number.isFinite(near)) return null;
      return typeof value === 'string' && !Number.isSafeInteger(near) ? BigInt(value) : near;
    }
    default:
      return null;
  }
}

/** A copy of the graph with these values. Throws AppError where the graph has no such value to change, or one of another type. */
export function withChanges(graph: Graph, changes: readonly Change[]): Graph {
  const copy: Record<string, GraphNode> = { ...graph };
  for (const { nodeId, input, value } of changes) {
    const node = Object.hasOwn(copy, nodeId) ? copy[nodeId] : undefined;
    const before = node && Object.hasOwn(node.inputs, input) ? node.inputs[input] : undefined;
    const next = asBefore(before, value);
    if (!node || next === null)
      throw new AppError(
        'invalid_input',
        before === undefined
          ? `The workflow has no value “${input}” on node ${nodeId} to change.`
          : `“${input}” of node ${nodeId} cannot be ${JSON.stringify(value)}: its value is of another type, or linked.`,
      );
    copy[nodeId] = { ...node, inputs: { ...node.inputs, [input]: next } };
  }
  return copy;
}
