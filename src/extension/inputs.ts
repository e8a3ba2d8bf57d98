import { type FileInput, namedFiles, withFiles } from '#src/domain/files/file-inputs.ts';
import { type Graph, isRecord } from '#src/domain/workflow/graph.ts';
import type { Fetch } from './comfy.ts';
import { viewRoute } from './files.ts';
import { inside } from './json.ts';
import { recall, remember } from './memory.ts';
import { Refused, type Server } from './server.ts';

type Sent = Record<string, { readonly print: string; readonly name: string }>;
/** A file as ComfyUI has it. */
type Found = { readonly key: string; readonly file: FileInput; readonly print: string; readonly bytes: number | null };

/** They say where a node writes. Of other such inputs there is no file in ComfyUI's folders, so they stay as they are. */
const PREFIXES = ['filename_prefix', 'save_prefix'];
const MAX_CACHED = 1000;
/** Of one question to the server. */
const MAX_ASKED = 200;

const keyOf = ({ folder, name }: FileInput): string => `${folder}/${name}`;

function route({ name, folder }: FileInput): string {
  const cut = name.lastIndexOf('/');
  return viewRoute({ filename: name.slice(cut + 1), subfolder: cut < 0 ? '' : name.slice(0, cut), type: folder });
}

/** Tells one content of a name from another, as far as headers do. */
const printOf = ({ headers }: Response): string =>
  [headers.get('etag'), headers.get('last-modified'), headers.get('content-length')].join(' ');

function cachedRead(user: string): Sent {
  const kept = recall('localStorage', `inputs.${user}`);
  if (!isRecord(kept)) return {};
  return Object.fromEntries(
    Object.entries(kept).flatMap(([key, value]) => {
      const [print, name] = [inside(value, 'print'), inside(value, 'name')];
      return typeof print === 'string' && typeof name === 'string' ? [[key, { print, name }]] : [];
    }),
  );
}

async function ask(native: Fetch, file: FileInput, method: 'HEAD' | 'GET'): Promise<Response | null> {
  try {
    const response = await native(route(file), { method });
    return response.ok ? response : null;
  } catch {
    throw new Refused(
      'inputs_unreachable',
      `ComfyUI’s own server does not respond, so “${file.name}” cannot be sent to a GPU. Reload this page, then run again.`,
    );
  }
}

async function look(native: Fetch, key: string, file: FileInput): Promise<Found[]> {
  const head = await ask(native, file, 'HEAD');
  if (!head) return [];
  const length = head.headers.get('content-length');
  return [{ key, file, print: printOf(head), bytes: length === null ? null : Number(length) }];
}

/**
 * Sends the files that a graph names and our server lacks, out of ComfyUI's own folders, each content once. Gives the graph with the names that they have
 * there. What ComfyUI does not have either is left for the server to refuse.
 */
export async function sendInputs(
  server: Pick<Server, 'api' | 'sendInput'>,
  native: Fetch,
  user: string,
  graph: Graph,
): Promise<Graph> {
  const files = namedFiles(graph, (_, input) => PREFIXES.includes(input)).filter(({ name }) => name !== '');
  const distinct = new Map(files.map((file) => [keyOf(file), file]));
  const found = (await Promise.all([...distinct].map(([key, file]) => look(native, key, file)))).flat();
  const sent = cachedRead(user);
  const nameOf = ({ key, file }: Found): string => sent[key]?.name ?? file.name;
  const missing = new Set<string>();
  for (let at = 0; at < found.length; at += MAX_ASKED) {
    const some = found.slice(at, at + MAX_ASKED);
    const names = some.map(nameOf);
    // A name that our server knows may stand for another file there.
    const lacked = await server.api.inputs.missing.query({ names, bytes: some.map(({ bytes }) => bytes) });
    for (const name of lacked) missing.add(name);
  }

  const settled = new Map<string, string>();
  for (const one of found) {
    const { key, file, print } = one;
    const before = sent[key];
    const isKnown = before ? before.print === print : file.folder === 'input';
    let name = nameOf(one);
    if (missing.has(name) || !isKnown) {
      const response = await ask(native, file, 'GET');
      if (!response) continue;
      name = await server.sendInput(await response.blob(), file.name);
    }
    // What was used last is forgotten last.
    delete sent[key];
    sent[key] = { print, name };
    settled.set(key, name);
  }
  remember('localStorage', `inputs.${user}`, Object.fromEntries(Object.entries(sent).slice(-MAX_CACHED)));
  return withFiles(graph, files, (file) => {
    const name = settled.get(keyOf(file));
    return name === undefined || (name === file.name && file.folder === 'input') ? undefined : name;
  });
}
