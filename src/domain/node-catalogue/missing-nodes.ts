import { nearChoices } from '../workflow/nearest-choices.ts';
import { lacks } from './lacks.ts';
import type { Union } from './union.ts';

/** A class of nodes that no endpoint has. */
export type MissingNode = {
  readonly name: string;
  /** What is there instead, those with the most similar names first. */
  readonly near: readonly string[];
};

const MAX_NEAR = 3;
const NEAR_ENOUGH = 0.3;

/** Those of these classes that none of the endpoints has of which something is known. */
export function missingNodes(names: readonly string[], union: Union): MissingNode[] {
  const missing = [...new Set(names)].filter((name) => lacks(union, name));
  const all = missing.length === 0 ? [] : [...union.classes.keys()];
  return missing.map((name) => ({ name, near: nearChoices(name, all, NEAR_ENOUGH).slice(0, MAX_NEAR) }));
}

/** "“A” is not installed on the GPUs; similar: B, C." */
export const missingNodeWords = ({ name, near }: MissingNode): string =>
  `“${name}” is not installed on the GPUs${near.length === 0 ? '' : `; similar: ${near.join(', ')}`}.`;
