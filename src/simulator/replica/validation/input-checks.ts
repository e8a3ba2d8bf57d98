import type { InputSpec } from '../node-info.ts';
import { type Json, type JsonObject, repr, str, toFloat, toInt, truthy } from '../python.ts';

export type Problem = { type: string; message: string; details: string; extra_info: JsonObject };
export type Verdict = { valid: boolean; problems: Problem[] };

export function typesFit(received: string | Json[], wanted: string | Json[]): boolean {
  if (received === '*' || wanted === '*') return true;
  if (typeof received !== 'string' || typeof wanted !== 'string') {
    return repr(received) === repr(wanted) || received === 'COMBO' || wanted === 'COMBO';
  }
  const wantedTypes = wanted.split(',').map((type) => type.trim());
  return received.split(',').some((type) => wantedTypes.includes(type.trim()));
}

export function convert(value: Json, type: string | Json[]): Json {
  switch (type) {
    case 'INT':
      return toInt(value);
    case 'FLOAT':
      return toFloat(value);
    case 'STRING':
      return str(value);
    case 'BOOLEAN':
      return truthy(value);
    default:
      return value;
  }
}

export function rangeProblem(name: string, value: Json, spec: InputSpec, config: Json[]): Problem | null {
  const { min, max } = spec.config;
  const extra_info = { input_name: name, input_config: config, received_value: value };
  const isNumber = typeof value === 'number' || typeof value === 'bigint';
  if (isNumber && typeof min === 'number' && value < min) {
    return {
      type: 'value_smaller_than_min',
      message: `Value ${value} smaller than min of ${min}`,
      details: name,
      extra_info,
    };
  }
  if (isNumber && typeof max === 'number' && value > max) {
    return {
      type: 'value_bigger_than_max',
      message: `Value ${value} bigger than max of ${max}`,
      details: name,
      extra_info,
    };
  }
  const listed = Array.isArray(spec.type) ? spec.type : spec.type === 'COMBO' ? spec.config.options : null;
  if (!Array.isArray(listed) || listed.includes(value)) return null;
  const long = listed.length > 20;
  return {
    type: 'value_not_in_list',
    message: 'Value not in list',
    details: `${name}: '${str(value)}' not in ${long ? `(list of length ${listed.length})` : repr(listed)}`,
    extra_info: { ...extra_info, input_config: long ? null : config },
  };
}
