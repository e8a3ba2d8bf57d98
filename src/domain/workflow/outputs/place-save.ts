import { isSince } from '../../endpoints/worker-version.ts';
import type { Warning } from '../../warning.ts';
import { constantValue } from '../constant-value.ts';
import { type Graph, type GraphNode, isLink, type Link } from '../graph.ts';
import { tokenFiller } from './name-tokens.ts';
import type { OutputPlace } from './output-classes.ts';
import type { Save } from './outputs.ts';
import { ownParts } from './safe-path.ts';

/** The first version whose core joins and replaces text. */
const TEXT_NODES = '0.3.35';
/** No path has more; the file's name is at its end. */
const MAX_PATH = 4096;
const DEFAULT_NAME = 'ComfyUI';
/** Only the worker will know such a text: what would lead out of the folder is taken out there. */
const KEEPING_FOLDERS: readonly Replacement[] = [
  ['\\', '/'],
  ['..', '_'],
];
const WITHOUT_FOLDERS: readonly Replacement[] = [
  ['\\', '_'],
  ['/', '_'],
  ['..', '_'],
];
type Replacement = readonly [find: string, replace: string];

type Context = {
  /** As it was submitted: constants and tokens are looked up in it. */
  readonly graph: Graph;
  /** The copy that is sent: nodes are replaced and added in it. */
  readonly sent: Record<string, GraphNode>;
  /** Begins the id of every node that is added. */
  readonly tag: string;
  readonly version: string | null;
  readonly now: number;
};
type Inputs = Record<string, unknown>;

export type Placer = {
  /** Lets a save node write below `dir`, with the participant's own folders and name behind it, whatever it was given. */
  place(save: Save, dir: string): void;
  /** Folders that nodes were given: not every node makes its own. */
  readonly folders: readonly string[];
  readonly warnings: readonly Warning[];
};

export function createPlacer({ graph, sent, tag, version, now }: Context): Placer {
  const fill = tokenFiller(graph, now);
  const canJoin = version === null || isSince(version, TEXT_NODES);
  const folders: string[] = [];
  const warnings: Warning[] = [];
  let added = 0;

  const add = (class_type: string, inputs: Inputs): Link => {
    const id = `${tag}_name${added}`;
    added += 1;
    sent[id] = { class_type, inputs };
    return [id, 0];
  };
  const cleaned = (link: Link, pairs: readonly Replacement[]): Link =>
    pairs.reduce<Link>((string, [find, replace]) => add('StringReplace', { string, find, replace }), link);

  /** The parts of a name that is known by now; null for one that only the worker will know. */
  const partsOf = (value: unknown): string[] | null => {
    const constant = constantValue(graph, value);
    if (typeof constant === 'string') return ownParts(fill(constant.slice(-MAX_PATH)));
    return isLink(value) && canJoin ? null : [];
  };
  const joined = (dir: string, value: unknown): unknown =>
    isLink(value)
      ? add('StringConcatenate', { string_a: `${dir}/`, string_b: cleaned(value, KEEPING_FOLDERS), delimiter: '' })
      : dir;

  function placePrefix(inputs: Inputs, { input }: OutputPlace, dir: string): void {
    const parts = partsOf(inputs[input]);
    inputs[input] = parts ? `${dir}/${parts.join('/') || DEFAULT_NAME}` : joined(dir, inputs[input]);
  }

  function placeFolder(inputs: Inputs, place: OutputPlace & { kind: 'folder' }, dir: string): void {
    const given = inputs[place.name];
    const name = partsOf(given);
    const own = inputs[place.input] === place.none ? [] : partsOf(inputs[place.input]);
    if (own) {
      const all = [dir, ...own, ...(name ?? []).slice(0, -1)];
      folders.push(all.join('/'));
      // A node that appends to the folder's name must not leave it.
      inputs[place.input] = all.length > 1 ? all.join('/') : `${dir}/`;
    } else inputs[place.input] = joined(dir, inputs[place.input]);
    if (given === undefined || given === '') return;
    if (name) inputs[place.name] = (own ? name.at(-1) : name.join('_')) || DEFAULT_NAME;
    else if (isLink(given)) inputs[place.name] = cleaned(given, WITHOUT_FOLDERS);
  }

  function place({ nodeId, classType, saver }: Save, dir: string): void {
    const node = sent[nodeId]!;
    const inputs: Inputs = { ...node.inputs, ...saver.set };
    const names = saver.place.kind === 'folder' ? [saver.place.input, saver.place.name] : [saver.place.input];
    for (const input of saver.alsoPath ?? []) {
      const value = constantValue(graph, inputs[input]);
      if (typeof value === 'string') inputs[input] = value.replaceAll('..', '_');
      else if (isLink(inputs[input])) inputs[input] = canJoin ? cleaned(inputs[input], WITHOUT_FOLDERS) : '';
    }
    for (const input of [...names, ...(saver.alsoPath ?? [])])
      if (!canJoin && isLink(node.inputs[input]) && typeof constantValue(graph, node.inputs[input]) !== 'string')
        warnings.push({
          nodeId,
          classType,
          message: `${classType} (node ${nodeId}) saves under its own name: ComfyUI ${version} cannot join the text that is linked to “${input}” to a folder.`,
        });
    if (saver.place.kind === 'prefix') placePrefix(inputs, saver.place, dir);
    else placeFolder(inputs, saver.place, dir);
    sent[nodeId] = { ...node, inputs };
  }

  return { place, folders, warnings };
}
