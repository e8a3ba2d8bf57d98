import { type Graph, isLink } from './graph.ts';
import { ROOT } from './rewrite.ts';

const ADDED = /^comfyume_+(?:start|started|name\d+|preview\w*|finished\w+)$/;
const PREFIX = new RegExp(`^${ROOT}/[^/]+/\\d+/(.*)$`);

const MAX_BETWEEN = 8;

/** What a name was linked to, before nodes were put in between that make it harmless and join it to a folder. */
function linkedTo(sent: Graph, value: unknown): unknown {
  let link = value;
  for (let left = MAX_BETWEEN; left > 0 && isLink(link) && ADDED.test(link[0]); left -= 1) {
    const { string_b, string } = sent[link[0]]?.inputs ?? {};
    link = string_b ?? string;
  }
  return link;
}

/** A graph as it was before it was rewritten for an attempt: what a worker embeds into files is the rewritten one. */
export const asSubmitted = (sent: Graph): Graph =>
  Object.fromEntries(
    Object.entries(sent)
      .filter(([id]) => !ADDED.test(id))
      .map(([id, node]) => [
        id,
        {
          ...node,
          inputs: Object.fromEntries(
            Object.entries(node.inputs).map(([name, value]) => [
              name,
              typeof value === 'string' ? (PREFIX.exec(value)?.[1] ?? value) : linkedTo(sent, value),
            ]),
          ),
        },
      ]),
  );

/** The save node that a worker was told to let write into this folder, such as `comfyume/<attempt>/0`. */
export function saverInto(sent: Graph, dir: string): string | null {
  const using = (isIt: (value: unknown) => boolean): string | undefined =>
    Object.entries(sent).find(([, { inputs }]) => Object.values(inputs).some(isIt))?.[0];
  const found = using((value) => typeof value === 'string' && (value === dir || value.startsWith(`${dir}/`)));
  if (found === undefined || !ADDED.test(found)) return found ?? null;
  return using((value) => isLink(value) && value[0] === found) ?? null;
}
