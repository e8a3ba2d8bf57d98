/** A `ReadableGraph` as JSON, with every digit. Apart from the parser, which pages that only show a graph need not load. */
export const exactJson = (graph: unknown, exact: string | null, space?: number): string =>
  exact ?? JSON.stringify(graph, null, space);
