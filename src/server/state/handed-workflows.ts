import type { HandedWorkflow, HandedWorkflows } from '#src/ports/classes.ts';
import type { Clock, Random } from '#src/ports/random.ts';

const KEPT_MS = 10 * 60_000;
const MAX_OF_ONE = 3;
/** Characters, of everybody's. */
const MAX_SIZE = 48 * 1024 * 1024;

type Entry = HandedWorkflow & { readonly userId: string; readonly until: number };

/** Workflows on their way from the gallery to their owner's ComfyUI tab, for ten minutes; when there are too many, the oldest go first. */
export function createHandedWorkflows({
  clock,
  random,
}: {
  clock: Clock;
  random: Pick<Random, 'id'>;
}): HandedWorkflows {
  let entries: readonly Entry[] = [];

  const size = (): number => entries.reduce((sum, { workflow }) => sum + workflow.length, 0);
  const forgetOld = (): void => {
    entries = entries.filter(({ until }) => until > clock.now());
  };

  return {
    give(userId, { name, workflow }) {
      forgetOld();
      const own = entries.filter((entry) => entry.userId === userId);
      const extra = new Set(own.slice(0, Math.max(0, own.length - MAX_OF_ONE + 1)));
      const id = random.id();
      const entry = { id, userId, name, workflow, until: clock.now() + KEPT_MS };
      entries = [...entries.filter((one) => !extra.has(one)), entry];
      while (size() > MAX_SIZE && entries.length > 1) entries = entries.slice(1);
      return id;
    },
    find(userId, id) {
      forgetOld();
      return entries.find((entry) => entry.id === id && entry.userId === userId) ?? null;
    },
  };
}
