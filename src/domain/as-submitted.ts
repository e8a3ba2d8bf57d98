import type { Graph } from './graph.ts';
import { ROOT } from './rewrite.ts';

const ADDED = /^comfyume_+(?:start|started|finished\d+(?:_first|_small)?)$/;
const PREFIX = new RegExp(`^${ROOT}/[^/]+/\\d+/(.+)$`);

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
              typeof value === 'string' ? (PREFIX.exec(value)?.[1] ?? value) : value,
            ]),
          ),
        },
      ]),
  );

/** The save node that a worker was told to let write into this folder, such as `comfyume/<attempt>/0`. */
export const saverInto = (sent: Graph, dir: string): string | null =>
  Object.entries(sent).find(([, { inputs }]) =>
    Object.values(inputs).some((value) => typeof value === 'string' && value.startsWith(`${dir}/`)),
  )?.[0] ?? null;
