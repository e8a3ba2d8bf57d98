export type ShownNode = {
  readonly id: string;
  readonly classType: string;
  readonly title: string | null;
  readonly inputs: readonly { readonly name: string; readonly value: string }[];
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A link as ComfyUI writes it: the id of a node, and which of its outputs. */
const linkWords = (value: unknown): string | null =>
  Array.isArray(value) && value.length === 2 && typeof value[0] === 'string' && typeof value[1] === 'number'
    ? `← ${value[0]}${value[1] === 0 ? '' : `, output ${value[1]}`}`
    : null;

const words = (value: unknown): string =>
  linkWords(value) ?? (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

/** The nodes of a graph, for display. */
export function shownNodes(prompt: unknown): ShownNode[] {
  if (!isRecord(prompt)) return [];
  return Object.entries(prompt).flatMap(([id, node]) => {
    if (!isRecord(node)) return [];
    const { class_type: classType, inputs, _meta: meta } = node;
    const title = isRecord(meta) && typeof meta.title === 'string' && meta.title !== classType ? meta.title : null;
    return [
      {
        id,
        classType: typeof classType === 'string' ? classType : '',
        title,
        inputs: Object.entries(isRecord(inputs) ? inputs : {}).map(([name, value]) => ({ name, value: words(value) })),
      },
    ];
  });
}

/** Those in which every word is found, in a name or in a value. */
export function searchNodes(nodes: readonly ShownNode[], text: string): ShownNode[] {
  const asked = text.toLowerCase().split(/\s+/).filter(Boolean);
  return nodes.filter(({ id, classType, title, inputs }) => {
    const all = [id, classType, title ?? '', ...inputs.flatMap(({ name, value }) => [name, value])]
      .join('\n')
      .toLowerCase();
    return asked.every((word) => all.includes(word));
  });
}
