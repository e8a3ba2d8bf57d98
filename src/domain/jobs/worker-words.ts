import type { NodeErrors } from '../errors.ts';
import { choicesOf, nearestChoices } from '../workflow/nearest-choices.ts';

/** In characters: of one message, of a traceback and what stands before it, of the errors of nodes; and what of these is listed. One attempt leaves 64 KB. */
const MAX = { message: 8 * 1024, detail: 40 * 1024, nodes: 12 * 1024, listedNodes: 2000 };
const MAX_WORD_LENGTH = 200;
const MOST_EXTRA = 1000;
const MAX_OUTPUTS = 100;
const MAX_CHOICE_LENGTH = 100;
/** One more than is shown, so that it is said that there are others. */
const CHOICES_KEPT = 5;

const cutTo = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

export const cutMessage = (text: string): string => cutTo(text, MAX.message);
export const cutDetail = (text: string): string => cutTo(text, MAX.detail);

type NodeError = NodeErrors[string];
type Fault = NodeError['errors'][number];

const cutValue = (value: unknown): unknown => (typeof value === 'string' ? cutTo(value, MAX_CHOICE_LENGTH) : value);

/** Of too much, what says what was wrong: the input, its value, and of a long list of choices those that are most like it. */
function cutExtra(extra: Fault['extra_info']): Fault['extra_info'] {
  if (JSON.stringify(extra).length <= MOST_EXTRA) return extra;
  const { input_name, received_value, input_config } = extra;
  const choices = choicesOf(input_config);
  if (typeof input_name !== 'string') return {};
  const name = { input_name: cutTo(input_name, MAX_WORD_LENGTH) };
  if (!choices || typeof received_value === 'object') return name;
  const nearest = nearestChoices(received_value, choices).slice(0, CHOICES_KEPT).map(cutValue);
  const kept = { ...name, received_value: cutValue(received_value), input_config: [nearest, {}] };
  return JSON.stringify(kept).length <= MOST_EXTRA ? kept : name;
}

const cutFault = ({ type, message, details, extra_info }: Fault, most: number): Fault => ({
  type: cutTo(type, MAX_WORD_LENGTH),
  message: cutTo(message, most),
  details: cutTo(details, most),
  extra_info: cutExtra(extra_info),
});

/** What of node errors is kept: each message so long, and the first nodes as long as all together is not too much. */
function cutNodes(errors: NodeErrors, most: number, messageLimit: number): NodeErrors {
  const kept: Record<string, NodeError> = {};
  let left = most;
  for (const [id, { class_type, dependent_outputs, errors: faults }] of Object.entries(errors)) {
    const known: Fault[] = [];
    const error = {
      class_type: cutTo(class_type, MAX_WORD_LENGTH),
      dependent_outputs: dependent_outputs.slice(0, MAX_OUTPUTS).map((output) => cutTo(output, MAX_WORD_LENGTH)),
      errors: known,
    };
    left -= id.length + JSON.stringify(error).length;
    if (left < 0) break;
    for (const fault of faults) {
      const cut = cutFault(fault, messageLimit);
      left -= JSON.stringify(cut).length + 1;
      if (left < 0) break;
      known.push(cut);
    }
    if (known.length > 0 || faults.length === 0) kept[id] = error;
  }
  return kept;
}

export const cutNodeErrors = (errors: NodeErrors): NodeErrors => cutNodes(errors, MAX.nodes, MAX.message / 2);
export const listedNodeErrors = (errors: NodeErrors): NodeErrors => cutNodes(errors, MAX.listedNodes, MAX_WORD_LENGTH);
