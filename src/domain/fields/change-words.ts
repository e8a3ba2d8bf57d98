import type { Graph } from '../workflow/graph.ts';
import { fieldWord } from './field-words.ts';
import { type Field, type FieldValue, fieldsOf } from './fields-of.ts';

const MAX_TEXT = 40;
const MAX_NAMED = 3;

const clip = (text: string): string => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1).trimEnd()}…` : text);
const baseName = (name: string): string => name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);

function valueWords({ kind, value }: Field): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value !== 'string') return String(value);
  return kind === 'prompt' || kind === 'negative' ? `“${clip(value.trim())}”` : clip(baseName(value));
}

/** “Prompt: “a gull”, Steps 20 → 30”. A text is named by what it is now, the rest by before and after. */
function said(before: Field, after: Field): string {
  const word = fieldWord(after);
  if (after.kind === 'seed') return `${word} ${after.value}`;
  if (after.kind === 'prompt' || after.kind === 'negative') return `${word}: ${valueWords(after)}`;
  return `${word} ${valueWords(before)} → ${valueWords(after)}`;
}

type Difference = { readonly before: Field; readonly after: Field };

/** Every value that is another one in `after`: of nodes that have the same id and class in both. */
export function changesBetween(before: Graph, after: Graph): Difference[] {
  const key = ({ nodeId, input, classType }: Field): string => `${nodeId} ${input} ${classType}`;
  const known = new Map(fieldsOf(before).map((field) => [key(field), field]));
  const differ = (a: FieldValue, b: FieldValue): boolean => a !== b;
  return fieldsOf(after).flatMap((field) => {
    const old = known.get(key(field));
    return old && differ(old.value, field.value) ? [{ before: old, after: field }] : [];
  });
}

/** What a version of a job changed, in a few words; null when nothing that a person sets differs. */
export function changeWords(before: Graph, after: Graph): string | null {
  const changes = changesBetween(before, after);
  const seeds = changes.filter((change) => change.after.kind === 'seed');
  const rest = changes.filter((change) => change.after.kind !== 'seed');
  // Seeds follow: with other changes beside them they are the lesser news. Several are one.
  const named = [...rest, ...seeds.slice(0, 1)].map((change) => said(change.before, change.after));
  if (named.length === 0) return null;
  const more = named.length > MAX_NAMED ? ` and ${named.length - MAX_NAMED} more` : '';
  return named.slice(0, MAX_NAMED).join(', ') + more;
}
