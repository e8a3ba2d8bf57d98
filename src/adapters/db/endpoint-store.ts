import { randomUUID } from 'node:crypto';
import type { EndpointStore, NewEndpoint } from '#src/ports/endpoints.ts';
import type { Bus } from '#src/ports/events.ts';
import type { Database } from './connection.ts';
import { toEndpoint } from './rows.ts';

export function createEndpointStore(db: Database, bus: Bus): EndpointStore {
  const upsert = (endpoint: NewEndpoint, now: number) => {
    const { name, url, gpu, pricing, capacity, apiKeyVariable } = endpoint;
    const data = { url, gpu, pricing, capacity, apiKeyVariable, configured: true };
    return db.endpoint.upsert({
      where: { name },
      update: data,
      create: { id: randomUUID(), name, ...data, createdAt: new Date(now) },
    });
  };
  return {
    async list() {
      const rows = await db.endpoint.findMany({ where: { configured: true }, orderBy: { name: 'asc' } });
      return rows.map(toEndpoint);
    },
    async find(endpointId) {
      const row = await db.endpoint.findUnique({ where: { id: endpointId } });
      return row && toEndpoint(row);
    },
    async upsert(endpoint, now) {
      const row = await upsert(endpoint, now);
      bus.announce({ type: 'settings.changed' });
      return toEndpoint(row);
    },
    async setEnabled(endpointId, enabled) {
      const { count } = await db.endpoint.updateMany({
        where: { id: endpointId, configured: true },
        data: { enabled },
      });
      bus.announce({ type: 'settings.changed' });
      return count > 0;
    },
    async configure(endpoints, now) {
      const names = endpoints.map(({ name }) => name);
      await db.endpoint.updateMany({
        where: { name: { notIn: names }, origin: 'environment' },
        data: { configured: false },
      });
      for (const endpoint of endpoints) {
        await upsert(endpoint, now);
        await db.endpoint.update({ where: { name: endpoint.name }, data: { origin: 'environment' } });
      }
    },
  };
}
