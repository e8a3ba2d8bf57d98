import type { NodeErrors } from '../errors.ts';
import { choicesOf, nearestChoices } from './nearest-choices.ts';

type NodeError = NodeErrors[string]['errors'][number];

const shown = (value: unknown): string => (typeof value === 'string' ? `“${value}”` : JSON.stringify(value));

/** ComfyUI's [type or choices, options] of an input. */
function inputConfig(extra: NodeError['extra_info']): { type: unknown; least: unknown; most: unknown } {
  const config: unknown = extra.input_config;
  if (!Array.isArray(config)) return { type: undefined, least: undefined, most: undefined };
  const [type, options]: unknown[] = config;
  const has = typeof options === 'object' && options !== null;
  return {
    type,
    least: has && 'min' in options ? options.min : undefined,
    most: has && 'max' in options ? options.max : undefined,
  };
}

const CHOICES_SHOWN = 4;

function available(choices: readonly unknown[] | null, wanted: unknown): string {
  if (!choices) return '';
  if (choices.length === 0) return '; no models of this kind are installed on the workers';
  const more = choices.length > CHOICES_SHOWN ? ' and others' : '';
  return `; available: ${nearestChoices(wanted, choices).slice(0, CHOICES_SHOWN).join(', ')}${more}`;
}

/** What versions of ComfyUI say of a class that they do not have. */
const UNKNOWN_NODE = /^Cannot execute because node .+ does not exist|^Node '.+' not found/;

const TYPE_WORDS: Readonly<Record<string, string>> = {
  INT: 'a whole number',
  FLOAT: 'a number',
  BOOLEAN: 'true or false',
  STRING: 'text',
};

function say(error: NodeError): string {
  const extra = error.extra_info;
  const value = shown(extra.received_value);
  const { type, least, most } = inputConfig(extra);
  switch (error.type) {
    case 'required_input_missing':
      return 'no value or connection';
    case 'value_smaller_than_min':
      return `value ${value} is below the minimum, ${shown(least)}`;
    case 'value_bigger_than_max':
      return `value ${value} is above the maximum, ${shown(most)}`;
    case 'value_not_in_list':
      return `${value} is not available${available(choicesOf(extra.input_config), extra.received_value)}`;
    case 'invalid_input_type':
      return `${value} is not ${(typeof type === 'string' && TYPE_WORDS[type]) || 'of the right type'}`;
    case 'return_type_mismatch':
      return `needs ${typeof type === 'string' ? type : 'another type'}, but ${String(extra.received_type)} is connected`;
    case 'bad_linked_input':
      return 'the connection is broken';
    case 'custom_validation_failed':
      return error.details.includes(' - ') ? error.details.slice(error.details.indexOf(' - ') + 3) : error.message;
    default:
      if (UNKNOWN_NODE.test(error.message)) return 'this node is not installed on the workers';
      return [error.message, error.details].filter(Boolean).join(': ');
  }
}

/** One line for each fault of a graph: "KSampler: steps — value 0 is below the minimum, 1". */
export function nodeErrorLines(nodeErrors: NodeErrors): string[] {
  return Object.values(nodeErrors).flatMap(({ class_type, errors }) =>
    errors.map((error) => {
      const input = error.extra_info.input_name;
      const place = typeof input === 'string' ? `${class_type}: ${input}` : class_type;
      return `${place} — ${say(error)}`;
    }),
  );
}

/** Where to look in the workflow: "Node 5, KSampler: torch.OutOfMemoryError". */
export const stoppedNodeLines = (nodeErrors: NodeErrors): string[] =>
  Object.entries(nodeErrors).map(([id, { class_type, errors }]) => {
    const what = [...new Set(errors.map(({ details }) => details).filter(Boolean))].join(', ');
    return `Node ${id}, ${class_type}${what && `: ${what}`}`;
  });
