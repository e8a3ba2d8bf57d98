import type { Graph } from '#src/domain/graph.ts';
import { type FileInput, fileInputs, withFiles } from '#src/domain/inputs.ts';
import type { Fetch } from './comfy.ts';
import { viewRoute } from './files.ts';
import { inside, isObject } from './json.ts';
import { recall, remember } from './memory.ts';
import type { Server } from './server.ts';

type Sent = Record<string, { readonly print: string; readonly name: string }>;

const MOST_REMEMBERED = 300;
/** Of one question to the server. */
const MOST_ASKED = 200;

const keyOf = ({ folder, name }: FileInput): string => `${folder}/${name}`;

function route({ name, folder }: FileInput): string {
  const cut = name.lastIndexOf('/');
  return viewRoute({ filename: name.slice(cut + 1), subfolder: cut < 0 ? '' : name.slice(0, cut), type: folder });
}

/** Tells one content of a name from another, as far as headers do. */
const printOf = ({ headers }: Response): string =>
  [headers.get('etag'), headers.get('last-modified'), headers.get('content-length')].join(' ');

function remembered(user: string): Sent {
  const kept = recall('localStorage', `inputs.${user}`);
  if (!isObject(kept)) return {};
  return Object.fromEntries(
    Object.entries(kept).flatMap(([key, value]) => {
      const [print, name] = [inside(value, 'print'), inside(value, 'name')];
      return typeof print === 'string' && typeof name === 'string' ? [[key, { print, name }]] : [];
    }),
  );
}

/**
 * Sends the files that a graph names and our server lacks, out of ComfyUI's own folders, each content once. Gives the graph with the names that they have
 * there. What ComfyUI does not have either is left for the server to refuse.
 */
export async function sendInputs(server: Server, native: Fetch, user: string, graph: Graph): Promise<Graph> {
  const files = fileInputs(graph).filter(({ name }) => name !== '');
  if (files.length === 0) return graph;
  const sent = remembered(user);
  const nameOf = (file: FileInput): string => sent[keyOf(file)]?.name ?? file.name;
  const names = [...new Set(files.map(nameOf))].slice(0, MOST_ASKED);
  const missing = new Set(await server.api.inputs.missing.query({ names }));
  const settled = new Map<string, string>();

  for (const file of files) {
    const key = keyOf(file);
    if (settled.has(key)) continue;
    const head = await native(route(file), { method: 'HEAD' }).catch(() => null);
    if (!head?.ok) continue;
    const print = printOf(head);
    const before = sent[key];
    const isThere = !missing.has(nameOf(file));
    const isKnown = before ? before.print === print : file.folder === 'input';
    let name = nameOf(file);
    if (!isThere || !isKnown) {
      const response = await native(route(file));
      if (!response.ok) continue;
      name = await server.sendInput(await response.blob(), file.name);
    }
    sent[key] = { print, name };
    settled.set(key, name);
  }
  remember('localStorage', `inputs.${user}`, Object.fromEntries(Object.entries(sent).slice(-MOST_REMEMBERED)));
  return withFiles(graph, files, (file) => {
    const name = settled.get(keyOf(file));
    return name === undefined || (name === file.name && file.folder === 'input') ? undefined : name;
  });
}
