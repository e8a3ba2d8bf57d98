import type { Catalogue, NodeClass, WorkerModels } from './catalogue.ts';

/** What several endpoints can run. `classes` and `models` are those of the first endpoint that has them. */
export type Union = Catalogue & {
  /** Class → the endpoints that have it. */
  readonly endpointsOf: ReadonlyMap<string, readonly string[]>;
};

/** Of endpoints in the order in which they are preferred. */
export function unionOf(catalogues: ReadonlyMap<string, Catalogue>): Union {
  const classes = new Map<string, NodeClass>();
  const endpointsOf = new Map<string, string[]>();
  const models = new Map<string, WorkerModels>();
  for (const [endpointId, catalogue] of catalogues) {
    for (const [name, nodeClass] of catalogue.classes) {
      if (!classes.has(name)) classes.set(name, nodeClass);
      const having = endpointsOf.get(name);
      if (having) having.push(endpointId);
      else endpointsOf.set(name, [endpointId]);
    }
    for (const folder of catalogue.models) if (!models.has(folder.name)) models.set(folder.name, folder);
  }
  const replaced = new Set([...catalogues.values()].flatMap((catalogue) => [...catalogue.replaced]));
  return { classes, endpointsOf, models: [...models.values()], replaced };
}
