import { type Hold, holdStep } from '#src/domain/endpoints/scale-in-protection.ts';
import type { Acts } from '#src/ports/acts.ts';
import type { Log } from '#src/ports/log.ts';
import type { Platform, PlatformStore, Scaling } from '#src/ports/platform.ts';
import type { Clock } from '#src/ports/random.ts';

type Deps = { platform: Platform; platformStore: PlatformStore; acts: Acts; clock: Clock; log: Log };

export type Held = { readonly scaling: Scaling; readonly hold: Hold | null };

/**
 * Holds replicas up while they are needed. What was there before is stored before anything is changed, so that a process that begins where this one
 * ended can put it back.
 */
export function createHolding(deps: Deps, { quietMs, dryRun }: { quietMs: number; dryRun: boolean }) {
  const neededAt = new Map<string, number>();
  /** Somebody else has set them, and what she wanted holds until nothing is needed any more. */
  const leftAlone = new Set<string>();
  const said = new Map<string, string>();

  async function write(type: string, deployment: string, detail: Readonly<Record<string, unknown>>): Promise<void> {
    deps.log.info({ deployment, ...detail }, type);
    await deps.acts.write({ at: deps.clock.now(), actor: null, type, subjectId: deployment, detail });
  }

  /** Stored as asked for first, as being so afterwards: whenever we end in between, what is found there is known to be ours. */
  async function set(deployment: string, hold: Hold): Promise<Scaling> {
    await deps.platformStore.hold(deployment, hold, deps.clock.now());
    return deps.platform.setMinReplicas(deployment, hold.minAsked);
  }

  function wouldDo(deployment: string, what: string | null, detail: object): void {
    if (said.get(deployment) === (what ?? undefined)) return;
    if (what === null) said.delete(deployment);
    else {
      said.set(deployment, what);
      deps.log.info({ deployment, ...detail, dryRun: true }, what);
    }
  }

  /** `needed`: how many replicas must not be taken away now. Gives how it is afterwards. */
  async function step(deployment: string, before: Held, needed: number, ending = false): Promise<Held> {
    const { scaling, hold } = before;
    const now = deps.clock.now();
    if (needed > 0) neededAt.set(deployment, now);
    const quietForMs = ending ? Number.POSITIVE_INFINITY : now - (neededAt.get(deployment) ?? Number.NEGATIVE_INFINITY);
    if (quietForMs >= quietMs) leftAlone.delete(deployment);
    if (leftAlone.has(deployment)) return before;

    const next = holdStep({ scaling, hold, needed, quietForMs }, quietMs);
    if (dryRun) {
      const asked = next.type === 'raise' || next.type === 'restore' ? next.hold.minAsked : null;
      const words = asked === null ? null : `dry run: would set the minimum number of replicas to ${asked}`;
      wouldDo(deployment, words, { min: scaling.min, needed });
      return before;
    }
    switch (next.type) {
      case 'nothing':
        return before;
      case 'raise': {
        const { minBefore, minAsked } = next.hold;
        const raised = await set(deployment, next.hold);
        const held = { ...next.hold, minSet: minAsked };
        await deps.platformStore.hold(deployment, held, now);
        await write('replicas.held', deployment, { from: scaling.min, to: minAsked, before: minBefore, needed });
        return { scaling: raised, hold: held };
      }
      case 'restore': {
        const restored = await set(deployment, next.hold);
        await deps.platformStore.letGo(deployment);
        await write('replicas.letGo', deployment, { from: scaling.min, to: next.hold.minAsked });
        return { scaling: restored, hold: null };
      }
      case 'forget':
        await deps.platformStore.letGo(deployment);
        return { scaling, hold: null };
      case 'leave':
        if (needed > 0) leftAlone.add(deployment);
        await deps.platformStore.letGo(deployment);
        await write('replicas.leftAlone', deployment, { found: scaling.min, before: hold?.minBefore });
        return { scaling, hold: null };
    }
  }
  return { step };
}
