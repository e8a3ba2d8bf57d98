import { AppError } from '../errors.ts';
import type { Graph } from '../workflow/graph.ts';
import { fieldLabels } from './field-words.ts';
import { type Field, type FieldValue, fieldsOf } from './fields-of.ts';
import type { Preset } from './preset.ts';
import type { Change } from './with-changes.ts';

export type Limits = {
  readonly least: number | null;
  readonly most: number | null;
  /** Null = any text. */
  readonly choices: readonly string[] | null;
};

/** Pictures of one job, where the teacher has set nothing else: more would keep a GPU from everybody for long. */
const MAX_COUNT = 16;

export const fieldKey = ({ nodeId, input }: Pick<Field, 'nodeId' | 'input'>): string => `${nodeId} ${input}`;

/** Whether an input that is not linked may be limited by numbers. Seeds are anybody's. */
export const isLimitable = ({ kind, value }: Pick<Field, 'kind' | 'value'>): boolean =>
  kind !== 'seed' && (typeof value === 'number' || typeof value === 'bigint');

export function limitsOf(field: Field, preset: Preset | null): Limits {
  const key = fieldKey(field);
  const { least = null, most = null, choices = null } = preset?.fields.find((each) => fieldKey(each) === key) ?? {};
  if (!isLimitable(field))
    return { least: null, most: null, choices: typeof field.value === 'string' ? choices : null };
  return { least, most: most ?? (field.kind === 'count' ? MAX_COUNT : null), choices: null };
}

/** Whether somebody may change it in a workflow with this preset. */
export const isOpen = (field: Field, preset: Preset | null): boolean => {
  if (preset === null || preset.others || field.kind === 'seed') return true;
  const key = fieldKey(field);
  return preset.fields.some((each) => fieldKey(each) === key);
};

export function limitWords({ least, most }: Limits): string | null {
  if (least !== null && most !== null) return `${least} to ${most}`;
  if (least !== null) return `At least ${least}`;
  return most === null ? null : `At most ${most}`;
}

/** Why a value is outside the limits; null = it is not. What the workflow has itself is within. */
export function limitFault({ value: own }: Pick<Field, 'value'>, limits: Limits, value: FieldValue): string | null {
  if (String(value) === String(own)) return null;
  if (limits.choices !== null) return limits.choices.includes(String(value)) ? null : 'Choose one from the list.';
  const number = Number(value);
  if (limits.least !== null && number < limits.least) return `At least ${limits.least}.`;
  return limits.most !== null && number > limits.most ? `At most ${limits.most}.` : null;
}

/** Throws AppError for the first change that the teacher does not allow in this workflow. */
export function assertAllowed(graph: Graph, preset: Preset | null, changes: readonly Change[]): void {
  const fields = fieldsOf(graph);
  const labels = fieldLabels(fields);
  const at = new Map(fields.map((field, index) => [fieldKey(field), index]));
  for (const change of changes) {
    const index = at.get(fieldKey(change));
    const field = index === undefined ? undefined : fields[index];
    if (!field)
      throw new AppError('invalid_input', `This workflow has no setting “${change.input}” on node ${change.nodeId}.`);
    const label = labels[index ?? 0] ?? field.input;
    const isSame = String(change.value) === String(field.value);
    if (!isSame && !isOpen(field, preset))
      throw new AppError('invalid_input', `“${label}” cannot be changed in this workflow.`);
    const fault = limitFault(field, limitsOf(field, preset), change.value);
    if (fault !== null)
      throw new AppError('invalid_input', `“${label}” is outside the limits of this workflow. ${fault}`);
  }
}
