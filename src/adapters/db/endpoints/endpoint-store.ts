import { randomUUID } from 'node:crypto';
import { AppError } from '#src/domain/errors.ts';
import type { EndpointStore, NewEndpoint, SavedEndpoint } from '#src/ports/endpoints.ts';
import type { Bus } from '#src/ports/events.ts';
import { cachedRead } from '../cached-read.ts';
import type { Database, Transaction } from '../connection.ts';
import { recordAction } from '../events/record-action.ts';
import type { Prisma } from '../generated/client.ts';
import { toEndpoint } from '../rows.ts';

export function createEndpointStore(db: Database, bus: Bus): EndpointStore {
  // Read several times for each job, and by every look of the loops.
  const kept = cachedRead(async () => {
    const rows = await db.endpoint.findMany({ orderBy: [{ place: 'asc' }, { name: 'asc' }] });
    return rows.map((row) => ({ isConfigured: row.configured, endpoint: toEndpoint(row) }));
  });
  function changed(): void {
    kept.forget();
    bus.announce({ type: 'settings.changed' });
  }

  /** Behind all others where they have an order, else no other way than they. */
  async function lastPlace(tx: Transaction): Promise<number> {
    const { _max } = await tx.endpoint.aggregate({ _max: { place: true }, where: { configured: true } });
    return _max.place ? _max.place + 1 : 0;
  }

  const save = (endpoint: NewEndpoint & SavedEndpoint, now: number) =>
    db.transaction(async (tx) => {
      await recordAction(tx);
      const { id, name, url, gpu, pricing, capacity, apiKeyVariable, pricePerHour, deployment } = endpoint;
      const { listening, enabled } = endpoint;
      const data = {
        url,
        gpu,
        pricing,
        capacity,
        apiKeyVariable,
        configured: true,
        ...(pricePerHour !== undefined && { pricePerHour }),
        ...(deployment !== undefined && { deployment }),
        ...(listening !== undefined && { listening }),
        ...(enabled !== undefined && { enabled }),
      };
      const namesake = await tx.endpoint.findUnique({ where: { name } });
      if (id !== undefined) {
        if (namesake && namesake.id !== id)
          throw new AppError('conflict', `An endpoint named "${name}" already exists.`);
        return tx.endpoint.update({ where: { id }, data: { name, ...data } });
      }
      const place = namesake?.configured ? namesake.place : await lastPlace(tx);
      return tx.endpoint.upsert({
        where: { name },
        update: { ...data, place },
        create: { id: randomUUID(), name, ...data, place, createdAt: new Date(now) },
      });
    });

  const update = (endpointId: string, data: Prisma.EndpointUpdateManyMutationInput): Promise<boolean> =>
    db.transaction(async (tx) => {
      const { count } = await tx.endpoint.updateMany({ where: { id: endpointId, configured: true }, data });
      if (count > 0) await recordAction(tx);
      return count > 0;
    });
  async function change(endpointId: string, data: Prisma.EndpointUpdateManyMutationInput): Promise<boolean> {
    const isThere = await update(endpointId, data);
    changed();
    return isThere;
  }

  return {
    async list() {
      return (await kept.read()).flatMap(({ isConfigured, endpoint }) => (isConfigured ? [endpoint] : []));
    },
    async find(endpointId) {
      return (await kept.read()).find(({ endpoint }) => endpoint.id === endpointId)?.endpoint ?? null;
    },
    async fillPrice(endpointId, pricePerHour) {
      await db.endpoint.updateMany({ where: { id: endpointId, pricePerHour: null }, data: { pricePerHour } });
      kept.forget();
    },
    async upsert(endpoint, now) {
      const row = await save(endpoint, now);
      changed();
      return toEndpoint(row);
    },
    async setEnabled(endpointId, enabled) {
      return change(endpointId, { enabled });
    },
    async circuits() {
      const rows = await db.endpoint.findMany({
        select: { id: true, failures: true, coolingDownUntil: true, closedUntil: true },
      });
      return new Map(
        rows.map(({ id, failures, coolingDownUntil, closedUntil }) => [
          id,
          { failures, openUntil: coolingDownUntil?.getTime() ?? 0, closedUntil: closedUntil?.getTime() ?? 0 },
        ]),
      );
    },
    async saveCircuit(endpointId, { failures, openUntil, closedUntil }) {
      await update(endpointId, {
        failures,
        coolingDownUntil: openUntil === 0 ? null : new Date(openUntil),
        closedUntil: closedUntil === 0 ? null : new Date(closedUntil),
      });
    },
    async order(endpointIds) {
      await db.transaction(async (tx) => {
        await tx.endpoint.updateMany({ data: { place: endpointIds.length } });
        for (const [place, id] of endpointIds.entries())
          await tx.endpoint.updateMany({ where: { id }, data: { place } });
        await recordAction(tx);
      });
      changed();
    },
    async keepWarm(endpointId, wish) {
      return change(endpointId, {
        keepWarmUntil: wish && new Date(wish.until),
        ...(wish && { warmWorkflowId: wish.workflowId }),
      });
    },
    async remove(endpointId) {
      const outcome = await db.transaction(async (tx) => {
        const here = { endpointId };
        if ((await tx.attempt.count({ where: { ...here, endedAt: null } })) > 0) return 'busy';
        const hasRun = (await tx.attempt.count({ where: here, take: 1 })) > 0;
        const where = { id: endpointId, configured: true };
        const { count } = hasRun
          ? await tx.endpoint.updateMany({
              where,
              data: { configured: false, keepWarmUntil: null, origin: 'operator' },
            })
          : await tx.endpoint.deleteMany({ where });
        if (count > 0) await recordAction(tx);
        return count > 0 ? 'removed' : 'missing';
      });
      changed();
      return outcome;
    },
    async configure(endpoints, now) {
      const names = endpoints.map(({ name }) => name);
      await db.endpoint.updateMany({
        where: { name: { notIn: names }, origin: 'environment' },
        data: { configured: false },
      });
      for (const endpoint of endpoints) {
        await save(endpoint, now);
        await db.endpoint.update({ where: { name: endpoint.name }, data: { origin: 'environment' } });
      }
      kept.forget();
    },
  };
}
