import type { InputKind } from '../files/input-kinds.ts';
import { toGraphJson } from '../workflow/graph-json.ts';
import type { NodeClass, Place } from './catalogue.ts';
import type { ModelLists } from './shared-models.ts';

export type OwnUpload = { readonly name: string; readonly kind: InputKind };

/** What one person may choose from. */
export type Choices = { readonly uploads: readonly OwnUpload[]; readonly models: ModelLists };

const known = new WeakMap<Choices, Map<Place, readonly unknown[]>>();

/** The choices that stand in a place. A graph may have thousands of nodes that ask for the same. */
export function choicesIn(place: Place, choices: Choices): readonly unknown[] {
  const own = known.get(choices) ?? new Map<Place, readonly unknown[]>();
  known.set(choices, own);
  const found = own.get(place) ?? read(place, choices);
  own.set(place, found);
  return found;
}

function read(place: Place, { uploads, models }: Choices): unknown[] {
  switch (place.type) {
    case 'uploads': {
      const { kinds } = place;
      const own = uploads.filter(({ kind }) => kinds === null || kinds.includes(kind)).map(({ name }) => name);
      return [...place.others, ...own];
    }
    case 'models': {
      const names = place.folders.flatMap((folder) => models.get(folder)?.names ?? []);
      return [...place.before, ...new Set(names), ...place.after];
    }
  }
}

/** Fills places for one person; each different one once. */
export function createFilling(choices: Choices): (nodeClass: NodeClass) => string {
  const filled = new Map<Place, string>();
  const textOf = (place: Place): string => {
    const text = filled.get(place) ?? toGraphJson(choicesIn(place, choices));
    filled.set(place, text);
    return text;
  };
  return ({ parts }) => parts.map((part) => (typeof part === 'string' ? part : textOf(part))).join('');
}
