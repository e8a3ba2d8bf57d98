import { useMe } from '../session/use-me.ts';
import type { Detail } from './parameters/facts.ts';

/** Why an operator who looks at somebody's result cannot change it; null when it is their own. */
export function useLocked(detail: Detail | undefined): string | null {
  const me = useMe();
  if (!me || !detail || detail.owner.id === me.id) return null;
  const { name } = detail.owner;
  return `This is ${name}’s result: only they can rate, show, compare or delete it. To do it for them, choose View as ${name} (Admin, Participants, Edit).`;
}
