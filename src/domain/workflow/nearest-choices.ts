const PIECE = 3;

/** Every three letters in a row, without capitals and the ending. */
function pieces(name: string): Set<string> {
  const bare = name.toLowerCase().replace(/\.\w+$/, '');
  return new Set(Array.from({ length: Math.max(1, bare.length - PIECE + 1) }, (_, at) => bare.slice(at, at + PIECE)));
}

/** From 0 to 0.5: how much of two names is the same. */
function likenessTo(wanted: string): (choice: unknown) => number {
  const sought = pieces(wanted);
  return (choice) => {
    const own = pieces(String(choice));
    return [...own].filter((piece) => sought.has(piece)).length / (own.size + sought.size);
  };
}

/** The choices, those whose names are most like the wanted one first: of a hundred models the right one is usually another version. */
export function nearestChoices(wanted: unknown, choices: readonly unknown[]): unknown[] {
  if (typeof wanted !== 'string') return [...choices];
  return nearChoices(wanted, choices, 0);
}

/** Those of the choices whose names are as much like the wanted one as this, those most like it first. */
export function nearChoices<Choice>(wanted: string, choices: readonly Choice[], least: number): Choice[] {
  const likeness = likenessTo(wanted);
  return choices
    .map((choice) => ({ choice, likeness: likeness(choice) }))
    .filter((one) => one.likeness >= least)
    .sort((a, b) => b.likeness - a.likeness)
    .map(({ choice }) => choice);
}

/** What may be chosen for an input, out of what ComfyUI says of it: nodes of its newer kind list it in the options. Null where nothing is listed. */
export function choicesOf(config: unknown): readonly unknown[] | null {
  const [type, options]: unknown[] = Array.isArray(config) ? config : [];
  if (Array.isArray(type)) return type;
  const listed = typeof options === 'object' && options !== null && 'options' in options && options.options;
  return type === 'COMBO' && Array.isArray(listed) ? listed : null;
}
