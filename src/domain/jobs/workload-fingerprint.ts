import { madeWith } from '../workflow/generation-parameters.ts';
import { type Graph, isLink } from '../workflow/graph.ts';
import { savesOf } from '../workflow/outputs/outputs.ts';

/** Nodes that take no time worth telling: how many of them there are says nothing. */
const LIGHT = /^(CLIPTextEncode|Primitive|Note|Reroute|PreviewImage|String|Int|Float|Boolean)/;
const MAX_OF_MODEL = 100;
/** Ends the model's part of a fingerprint; the hash behind it has none. */
const SEPARATOR = '|';

function numbersOf(graph: Graph, name: string): number[] {
  return Object.values(graph).flatMap(({ inputs }) => {
    const own = inputs[name];
    const value = isLink(own) ? graph[own[0]]?.inputs.value : own;
    return typeof value === 'number' && Number.isFinite(value) && value > 0 ? [value] : [];
  });
}

/** FNV-1a, 32 bits. */
function hash(text: string, start: number): string {
  let value = start;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return (value >>> 0).toString(16).padStart(8, '0');
}

/** Steps, pixels and frames come in half octaves: within one, times differ by less than replicas of a kind do. */
const bucket = (amount: number): number => Math.round(2 * Math.log2(amount));

/** Graphs of one fingerprint take about as long on one endpoint: the same model and heavy nodes, and about as many steps, pixels and frames. */
export function fingerprintOf(graph: Graph): string {
  const save = savesOf(graph)[0]?.nodeId;
  const model = save === undefined ? null : madeWith(graph, save).model;
  const classes = Object.values(graph)
    .map(({ class_type }) => class_type)
    .filter((name) => !LIGHT.test(name))
    .sort();
  const steps = numbersOf(graph, 'steps').reduce((sum, each) => sum + each, 0);
  const most = (name: string): number => Math.max(1, ...numbersOf(graph, name));
  const work = [Math.max(1, steps), most('width') * most('height'), most('batch_size') * most('length')].map(bucket);
  const text = JSON.stringify([classes, work]);
  const name = (model ?? '').replaceAll(SEPARATOR, '_').slice(0, MAX_OF_MODEL);
  return `${name}${SEPARATOR}${hash(text, 0x811c9dc5)}${hash(text, 0x9747b28c)}`;
}

/** Whether two fingerprints are of one model; those without a model are of one kind, too. */
export const isSameModel = (one: string, other: string): boolean =>
  one.slice(0, one.indexOf(SEPARATOR)) === other.slice(0, other.indexOf(SEPARATOR));
