import { protectionStep, type ScaleInProtection } from '#src/domain/endpoints/scale-in-protection.ts';
import type { AuditLog } from '#src/ports/audit-log.ts';
import type { Log } from '#src/ports/log.ts';
import type { Platform, PlatformStore, Scaling } from '#src/ports/platform.ts';
import type { Clock } from '#src/ports/random.ts';

type Deps = { platform: Platform; platformStore: PlatformStore; auditLog: AuditLog; clock: Clock; log: Log };

export type Held = { readonly scaling: Scaling; readonly protection: ScaleInProtection | null };

/**
 * Holds replicas up while they are needed. What was there before is stored before anything is changed, so that a process that begins where this one
 * ended can put it back.
 */
export function createScaleInProtection(deps: Deps, { quietMs, dryRun }: { quietMs: number; dryRun: boolean }) {
  const neededAt = new Map<string, number>();
  /** Somebody else has set them, and their values stay until nothing is needed any more. */
  const leftAlone = new Set<string>();
  const said = new Map<string, string>();

  async function write(type: string, deployment: string, detail: Readonly<Record<string, unknown>>): Promise<void> {
    deps.log.info({ deployment, ...detail }, type);
    await deps.auditLog.write({ at: deps.clock.now(), actor: null, type, subjectId: deployment, detail });
  }

  /** Stored as asked for first, as being so afterwards: whenever we end in between, what is found there is known to be ours. */
  async function set(deployment: string, protection: ScaleInProtection): Promise<Scaling> {
    await deps.platformStore.protection(deployment, protection, deps.clock.now());
    return deps.platform.setMinReplicas(deployment, protection.minAsked);
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
    const { scaling, protection } = before;
    const now = deps.clock.now();
    if (needed > 0) neededAt.set(deployment, now);
    const quietForMs = ending ? Number.POSITIVE_INFINITY : now - (neededAt.get(deployment) ?? Number.NEGATIVE_INFINITY);
    if (quietForMs >= quietMs) leftAlone.delete(deployment);
    if (leftAlone.has(deployment)) return before;

    const next = protectionStep({ scaling, protection, needed, quietForMs }, quietMs);
    if (dryRun) {
      const asked = next.type === 'raise' || next.type === 'restore' ? next.protection.minAsked : null;
      const words = asked === null ? null : `dry run: would set the minimum number of replicas to ${asked}`;
      wouldDo(deployment, words, { min: scaling.min, needed });
      return before;
    }
    switch (next.type) {
      case 'nothing':
        return before;
      case 'raise': {
        const { minBefore, minAsked } = next.protection;
        const raised = await set(deployment, next.protection);
        const held = { ...next.protection, minSet: minAsked };
        await deps.platformStore.protection(deployment, held, now);
        await write('replicas.held', deployment, { from: scaling.min, to: minAsked, before: minBefore, needed });
        return { scaling: raised, protection: held };
      }
      case 'restore': {
        const restored = await set(deployment, next.protection);
        await deps.platformStore.letGo(deployment);
        await write('replicas.letGo', deployment, { from: scaling.min, to: next.protection.minAsked });
        return { scaling: restored, protection: null };
      }
      case 'forget':
        await deps.platformStore.letGo(deployment);
        return { scaling, protection: null };
      case 'leave':
        if (needed > 0) leftAlone.add(deployment);
        await deps.platformStore.letGo(deployment);
        await write('replicas.leftAlone', deployment, { found: scaling.min, before: protection?.minBefore });
        return { scaling, protection: null };
    }
  }
  return { step };
}
