import { LosslessNumber, stringify } from 'lossless-json';
import { isRecord } from '../workflow/graph.ts';
import { parseGraphJson, toGraphJson } from '../workflow/graph-json.ts';
import type { NodeClass, Place } from './catalogue.ts';
import { namesListed } from './foreign-names.ts';
import { type PlaceRules, withPlaces } from './places.ts';

const BARE_WORD = /\b(?:NaN|Infinity)\b/;

/** JSON has no word for these numbers: any reader takes the first two for infinite. */
function withoutBareWords(value: unknown): unknown {
  if (value === Number.POSITIVE_INFINITY) return new LosslessNumber('1e999');
  if (value === Number.NEGATIVE_INFINITY) return new LosslessNumber('-1e999');
  if (Number.isNaN(value)) return null;
  if (Array.isArray(value)) return value.map(withoutBareWords);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutBareWords(item)]));
}

/** A name for each place that no text has in it. */
function markFor(text: string): string {
  for (let number = 0; ; number += 1) {
    const mark = `place${number}:`;
    if (!text.includes(mark)) return mark;
  }
}

/** Collects the names of files that one class lists. */
export const collectNames = (text: string, into: Set<string>): void => namesListed(parseGraphJson(text), into);

/** Its work, or that of the only nodes that take what it gives, is done elsewhere. */
const isForApi = ({ api_node, python_module }: Readonly<Record<string, unknown>>): boolean =>
  api_node === true || (typeof python_module === 'string' && python_module.startsWith('comfy_api_nodes.'));

/** One class, as an endpoint describes it. `sharing` gives equal places the same object: a thousand nodes list the same models. */
export function readClass(name: string, text: string, rules: PlaceRules, sharing: Map<string, Place>): NodeClass {
  const info = parseGraphJson(text);
  const places: Place[] = [];
  const mark = markFor(text);
  const open = withPlaces(name, info, rules, (place) => {
    const key = toGraphJson(place);
    const shared = sharing.get(key) ?? place;
    sharing.set(key, shared);
    places.push(shared);
    return mark;
  });
  const pieces = (BARE_WORD.test(text) ? (stringify(withoutBareWords(open)) ?? '{}') : toGraphJson(open)).split(
    `"${mark}"`,
  );
  const parts = pieces.flatMap((piece, at) => {
    const place = places[at];
    return place ? [piece, place] : [piece];
  });
  return { parts, isApi: isRecord(info) && isForApi(info) };
}
