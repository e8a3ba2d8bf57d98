import type { Graph } from '../workflow/graph.ts';
import type { Catalogue, NodeClass } from './catalogue.ts';

/** What nodes ask for that are told the key of a Comfy account. */
const ASKED = /"(?:API_KEY|AUTH_TOKEN)_COMFY_ORG"/;

const asksForKey = ({ isApi, parts }: NodeClass): boolean =>
  isApi || parts.some((part) => typeof part === 'string' && ASKED.test(part));

/** Whether a node of this graph is told the key of a Comfy account. Where its nodes are not known it may be. */
export const needsComfyKey = (graph: Graph, catalogue: Catalogue | null): boolean =>
  Object.values(graph).some(({ class_type }) => {
    const known = catalogue?.classes.get(class_type);
    return !known || asksForKey(known);
  });
