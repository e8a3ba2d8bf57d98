import { formatValue } from '../../replica/execution/format-value.ts';
import { dumps, type Json } from '../../replica/python.ts';
import type { Inputs } from '../inputs.ts';
import type { NodeTable } from '../node.ts';
import { isJson, type NodeValue } from '../values.ts';

const constant = (inputs: Inputs): { values: NodeValue[] } => ({ values: [inputs.get('value') ?? null] });

/** Text of any value, as PreviewAny shows it. */
function preview(value: NodeValue): Json {
  if (!isJson(value)) return formatValue(value);
  if (typeof value === 'string') return value;
  if (value === null) return 'None';
  return typeof value === 'boolean' ? (value ? 'True' : 'False') : dumps(value);
}

export const primitiveNodes: NodeTable = {
  PrimitiveInt: constant,
  PrimitiveFloat: constant,
  PrimitiveString: constant,
  PrimitiveStringMultiline: constant,
  PrimitiveBoolean: constant,
  PreviewAny: (inputs) => {
    const shown = preview(inputs.get('source') ?? null);
    return { values: [shown], ui: { text: [shown] } };
  },
  Preview3D: (inputs) => ({ values: [], ui: { result: [inputs.text('model_file'), null] } }),
};
