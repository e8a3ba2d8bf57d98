import type { Graph, GraphNode } from '../graph.ts';

const TOKEN = /%([^%]+)%/g;
const DATE = 'date:';
const DATE_PART = /d{1,2}|M{1,2}|h{1,2}|m{1,2}|s{1,2}|yyyy|yy/g;
/** More than a file's name can hold. */
const MAX_VALUE = 255;
/** ComfyUI's page puts none of these from a node's value into a name. */
const UNSAFE = /[/?<>\\:*|"\p{Cc}]/gu;

function datePart(part: string, date: Date): string {
  if (part.startsWith('y')) return String(date.getFullYear()).slice(-part.length);
  const amounts: Readonly<Record<string, number>> = {
    d: date.getDate(),
    M: date.getMonth() + 1,
    h: date.getHours(),
    m: date.getMinutes(),
    s: date.getSeconds(),
  };
  return String(amounts[part.charAt(0)]).padStart(part.length, '0');
}

const titleOf = (meta: unknown): unknown =>
  typeof meta === 'object' && meta !== null && 'title' in meta ? meta.title : undefined;

/** Nodes by their class and their title; null where several have that name. */
function nodesByName(graph: Graph): Map<unknown, GraphNode | null> {
  const byName = new Map<unknown, GraphNode | null>();
  for (const node of Object.values(graph))
    for (const name of new Set([node.class_type, titleOf(node._meta)]))
      byName.set(name, byName.has(name) ? null : node);
  return byName;
}

/**
 * Replaces `%date:yyyy-MM-dd%` and `%Node.widget%` as ComfyUI's page does before it sends a graph: a worker takes them for text. In local time.
 * What is none of these stays for the worker, which knows `%year%` and the like.
 */
export function tokenFiller(graph: Graph, now: number): (text: string) => string {
  let byName: Map<unknown, GraphNode | null> | undefined;
  const widgetValue = (token: string): string | null => {
    const [name, widget, ...more] = token.split('.');
    if (widget === undefined || more.length > 0) return null;
    byName ??= nodesByName(graph);
    const value = byName.get(name)?.inputs[widget];
    return /^(?:string|number|bigint|boolean)$/.test(typeof value)
      ? String(value).slice(0, MAX_VALUE).replace(UNSAFE, '_')
      : null;
  };
  return (text) =>
    text.replace(TOKEN, (whole, token: string) =>
      token.startsWith(DATE)
        ? token.slice(DATE.length).replace(DATE_PART, (part) => datePart(part, new Date(now)))
        : (widgetValue(token) ?? whole),
    );
}
