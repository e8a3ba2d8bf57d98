import { setTimeout as sleep } from 'node:timers/promises';
import { type Faults, type NodeFault, noFaults } from '../../faults.ts';
import { type FromReplica, fromReplicaSchema, toReplicaSchema } from '../../messages.ts';

export function sendToFleet(message: FromReplica): void {
  process.send?.(fromReplicaSchema.parse(message));
}

/** The faults set for this process. The fleet decides in which process a counted fault strikes. */
export class FaultGate {
  private faults: Faults = noFaults;
  private readonly claims = new Map<number, (granted: boolean) => void>();
  private lastClaim = 0;
  private changed: () => void = () => {};

  listen(onChange: () => void): void {
    process.on('message', (raw) => {
      const message = toReplicaSchema.parse(raw);
      switch (message.type) {
        case 'faults':
          this.faults = message.faults;
          onChange();
          this.changed();
          return;
        case 'claimed':
          this.claims.get(message.id)?.(message.granted);
          this.claims.delete(message.id);
          return;
        case 'update':
          return;
        default:
          message satisfies never;
      }
    });
  }

  get swallows(): boolean {
    return this.faults.swallow;
  }
  get slowByMs(): number {
    return this.faults.slowByMs;
  }

  private find(kind: NodeFault['kind'], classType: string): { fault: NodeFault; index: number } | null {
    const index = this.faults.nodes.findIndex(
      (fault) => fault.kind === kind && (fault.classType === null || fault.classType === classType),
    );
    const fault = this.faults.nodes[index];
    return fault ? { fault, index } : null;
  }

  private claim(index: number, kind: NodeFault['kind']): Promise<boolean> {
    const id = ++this.lastClaim;
    return new Promise((resolve) => {
      this.claims.set(id, resolve);
      sendToFleet({ type: 'claim', id, fault: index, kind });
    });
  }

  /** Does a fault of this kind strike at a node of this class now? */
  async strikes(kind: NodeFault['kind'], classType: string): Promise<boolean> {
    const found = this.find(kind, classType);
    return found !== null && found.fault.count !== 0 && (await this.claim(found.index, kind));
  }

  killAfterBytes(classType: string): number | null {
    const found = this.find('killMidFile', classType);
    return found?.fault.kind === 'killMidFile' ? found.fault.afterBytes : null;
  }

  /** Waits until no `hold` fault is on for this class; `check` may end it earlier by throwing. */
  async held(classType: string, check: () => void): Promise<void> {
    if (!(await this.strikes('hold', classType))) return;
    while (this.find('hold', classType)) {
      check();
      await Promise.race([sleep(10), new Promise<void>((resolve) => (this.changed = resolve))]);
    }
  }

  /** As a spot instance ends: no handler runs, open files stay incomplete. */
  async die(): Promise<never> {
    process.kill(process.pid, 'SIGKILL');
    return new Promise<never>(() => {});
  }
}
