import type { PromptError } from '../errors.ts';
import { isRecord } from '../workflow/graph.ts';
import { toGraphJson } from '../workflow/graph-json.ts';
import { slashed } from '../workflow/needed-models.ts';
import type { Place } from './catalogue.ts';
import type { InputRule } from './class-rules.ts';
import { type Choices, choicesIn } from './fill.ts';
import { inPython, numberOf, whyNoNumber } from './python-values.ts';

/** Of a longer list only the length is said. */
const MAX_LISTED = 20;
const MAX_SHOWN = 4000;
const DYNAMIC = /^COMFY_/;

const isPlace = (value: InputRule['listed'] | InputRule['type']): value is Place => isRecord(value) && 'type' in value;
const kindOf = (type: InputRule['type']): string => (typeof type === 'string' ? type : 'COMBO');

/** Inputs that stand for others: what they need depends on what they are given. */
export const isDynamic = ({ type }: InputRule): boolean =>
  type === null || (typeof type === 'string' && DYNAMIC.test(type));

/** The choices, for a message; null where they cannot be told. */
function listOf({ type, listed }: InputRule, choices: Choices): readonly unknown[] | null {
  const list = typeof type === 'string' ? listed : type;
  return isPlace(list) ? choicesIn(list, choices) : list;
}

/** What ComfyUI shows of an input in an error. */
function config(rule: InputRule, choices: Choices): unknown {
  const list = listOf(rule, choices);
  if (list && list.length > MAX_LISTED) return null;
  if (typeof rule.type === 'string') return [rule.type, list ? { ...rule.options, options: list } : rule.options];
  return [list, rule.options];
}

/** Whatever is given is sent back, but not a megabyte of it; and whoever reads it has JSON without numbers of twenty digits. */
function shown(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string') return value.slice(0, MAX_SHOWN);
  if (typeof value !== 'object' || value === null) return value;
  const text = toGraphJson(value);
  return text.length > MAX_SHOWN ? text.slice(0, MAX_SHOWN) : withPlainNumbers(value);
}
function withPlainNumbers(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(withPlainNumbers);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withPlainNumbers(item)]));
}

const fault = (type: string, message: string, details: string, extra_info: Record<string, unknown>): PromptError => ({
  type,
  message,
  details,
  extra_info: Object.fromEntries(Object.entries(extra_info).map(([key, value]) => [key, shown(value)])),
});

export const missing = (name: string): PromptError =>
  fault('required_input_missing', 'Required input is missing', name, { input_name: name });

export const badLink = (name: string, rule: InputRule, value: unknown, choices: Choices): PromptError =>
  fault('bad_linked_input', 'Bad linked input, must be a length-2 list of [node_id, slot_index]', name, {
    input_name: name,
    input_config: config(rule, choices),
    received_value: value,
  });

/** A link that leads nowhere. ComfyUI has no type of its own for it. */
export const brokenLink = (isOutput: boolean, name: string, why: string, link: unknown): PromptError =>
  fault(
    isOutput ? 'exception_during_validation' : 'exception_during_inner_validation',
    isOutput ? 'Exception when validating node' : 'Exception when validating inner node',
    why,
    { input_name: name, exception_message: why, linked_node: link },
  );

export function wrongType(
  name: string,
  rule: InputRule,
  received: unknown,
  link: unknown,
  choices: Choices,
): PromptError {
  const wanted =
    typeof rule.type === 'string' ? rule.type : inPython(listOf(rule, choices)?.slice(0, MAX_LISTED) ?? []);
  const details = `${name}, received_type(${typeof received === 'string' ? received : inPython(received)}) mismatch input_type(${wanted})`;
  return fault('return_type_mismatch', 'Return type mismatch between linked nodes', details, {
    input_name: name,
    input_config: config(rule, choices),
    received_type: received,
    linked_node: link,
  });
}

function outOfRange(name: string, rule: InputRule, value: number | bigint, choices: Choices): PromptError | null {
  const { min, max } = rule.options;
  const isNumber = (bound: unknown): bound is number | bigint => typeof bound === 'number' || typeof bound === 'bigint';
  const extra = { input_name: name, input_config: config(rule, choices), received_value: value };
  if (isNumber(min) && value < min)
    return fault('value_smaller_than_min', `Value ${value} smaller than min of ${min}`, name, extra);
  if (isNumber(max) && value > max)
    return fault('value_bigger_than_max', `Value ${value} bigger than max of ${max}`, name, extra);
  return null;
}

/** Whether this is surely none of the choices. A list that was empty may have been filled since. What is uploaded is checked elsewhere, and models only where they are surely those that workers see. */
function isUnlisted(list: readonly unknown[] | Place, value: unknown, choices: Choices): boolean {
  const is = (choice: unknown): boolean =>
    choice === value || (typeof value !== 'string' && typeof choice !== 'string');
  if (!isPlace(list)) return list.length > 0 && !list.some(is);
  if (list.type === 'uploads') return false;
  const isSure = list.folders.every((folder) => choices.models.get(folder)?.isSure);
  const name = typeof value === 'string' ? slashed(value) : value;
  return isSure && !choicesIn(list, choices).some((choice) => is(choice) || choice === name);
}

function notListed(name: string, rule: InputRule, value: unknown, choices: Choices): PromptError | null {
  const list = typeof rule.type === 'string' ? rule.listed : rule.type;
  if (kindOf(rule.type) !== 'COMBO' || list === null || Array.isArray(value) || rule.options.remote !== undefined)
    return null;
  if (!isUnlisted(list, value, choices)) return null;
  const taken = listOf(rule, choices) ?? [];
  const said = taken.length > MAX_LISTED ? `(list of length ${taken.length})` : inPython(taken);
  return fault('value_not_in_list', 'Value not in list', `${name}: ${inPython(shown(value))} not in ${said}`, {
    input_name: name,
    input_config: config(rule, choices),
    received_value: value,
  });
}

/** What is surely wrong with a value that stands in the graph itself. `checksItself`: the node may take values that its description rules out. */
export function valueFault(
  name: string,
  rule: InputRule,
  given: unknown,
  checksItself: boolean,
  choices: Choices,
): PromptError | null {
  const value = isRecord(given) && '__value__' in given ? given.__value__ : given;
  const { type } = rule;
  if (type === 'INT' || type === 'FLOAT') {
    const number = numberOf(value, type);
    if (number === undefined) return null;
    if (number === null) {
      const exception = whyNoNumber(value, type);
      const details = `${name}, ${typeof value === 'string' ? value.slice(0, MAX_SHOWN) : inPython(shown(value))}, ${exception}`;
      return fault('invalid_input_type', `Failed to convert an input value to a ${type} value`, details, {
        input_name: name,
        input_config: config(rule, choices),
        received_value: value,
        exception_message: exception,
      });
    }
    const taken = type === 'INT' && typeof number === 'number' ? Math.trunc(number) : number;
    return checksItself ? null : outOfRange(name, rule, taken, choices);
  }
  return checksItself ? null : notListed(name, rule, value, choices);
}

const typesOf = (types: string): string[] => types.split(',').map((one) => one.trim());

/** Whether a node's output surely does not fit an input. */
export function mismatches(received: unknown, wanted: InputRule['type']): boolean {
  if (received === wanted || typeof received !== 'string' || typeof wanted !== 'string') {
    if (typeof received !== 'string' || received === '*' || DYNAMIC.test(received)) return false;
    // A list of choices takes no other type than one that is such a list.
    return typeof wanted !== 'string' && wanted !== null && received !== 'COMBO' && !received.includes('*');
  }
  if (DYNAMIC.test(received) || DYNAMIC.test(wanted)) return false;
  const [from, to] = [typesOf(received), typesOf(wanted)];
  return !from.includes('*') && !to.includes('*') && !from.some((one) => to.includes(one));
}
