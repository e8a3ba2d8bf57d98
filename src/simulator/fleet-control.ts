import { z } from 'zod';
import type { FaultsPatch } from './faults.ts';
import { type FleetState, fleetStateSchema } from './fleet-state.ts';

const errorSchema = z.object({ error: z.string() });

/** The controls of a running fleet. */
export class FleetControl {
  private readonly url: string;
  constructor(url: string) {
    this.url = url;
  }

  private async call(method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const value: unknown = await response.json();
    if (!response.ok)
      throw new Error(`The simulated fleet refused ${method} ${path}: ${errorSchema.parse(value).error}`);
    return value;
  }

  /** Replaces the named faults, leaves the others as they are; an empty list takes them away. */
  async setFaults(faults: FaultsPatch): Promise<void> {
    await this.call('POST', '/faults', faults);
  }

  async state(): Promise<FleetState> {
    return fleetStateSchema.parse(await this.call('GET', '/state'));
  }

  /** SIGKILL to one replica: by id, or any one that runs a prompt. Its id, or null if there is none. */
  async kill(which: string): Promise<string | null> {
    return z.object({ killed: z.string().nullable() }).parse(await this.call('POST', '/kill', { which })).killed;
  }

  /** Cuts all open WebSockets; new ones are let through. How many there were. */
  async dropSockets(): Promise<number> {
    return z.object({ dropped: z.int() }).parse(await this.call('POST', '/drop-sockets', {})).dropped;
  }

  /** Ends all replicas, busy or not; the next request starts one. */
  async scaleToZero(): Promise<void> {
    await this.call('POST', '/scale-to-zero', {});
  }

  /** Gives all replicas, and those to come, another version of ComfyUI and its front end; with an id only that one. */
  async update(update: number, which: string | null = null): Promise<void> {
    await this.call('POST', '/update', { update, which });
  }

  /** The smallest and greatest number of replicas, as the platform's scaling settings have them. */
  async setLimits(limits: { min?: number; max?: number }): Promise<void> {
    await this.call('POST', '/limits', limits);
  }
}
