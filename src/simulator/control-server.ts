import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import type { Balancer } from './balancer/balancer.ts';
import { faultsPatchSchema, faultsSchema } from './faults.ts';
import type { Fleet } from './fleet.ts';

const killSchema = z.strictObject({ which: z.string().min(1) });
const updateSchema = z.strictObject({ update: z.int().min(1), which: z.string().nullable() });
const limitsSchema = z.strictObject({ min: z.int().min(0).optional(), max: z.int().min(1).optional() });

/** The controls of the fleet, on a separate port. */
export function controlServer(fleet: Fleet, balancer: Balancer, address: { host: string; port: number }): Server {
  async function act(path: string, body: unknown): Promise<unknown> {
    switch (path) {
      case 'GET /state':
        return {
          replicas: fleet.states(),
          requests: balancer.counts,
          woke: balancer.woke,
          waiting: balancer.waiting,
          held: fleet.held(),
        };
      case 'POST /faults': {
        const refused = fleet.faults.refuseConnections;
        fleet.setFaults(faultsSchema.parse({ ...fleet.faults, ...faultsPatchSchema.parse(body) }));
        if (!refused && fleet.faults.refuseConnections) await balancer.close();
        if (refused && !fleet.faults.refuseConnections) await balancer.listen(address.port, address.host);
        return fleet.faults;
      }
      case 'POST /kill':
        return { killed: fleet.kill(killSchema.parse(body).which) };
      case 'POST /update': {
        const { update, which } = updateSchema.parse(body);
        fleet.update(update, which);
        return {};
      }
      case 'POST /drop-sockets':
        return { dropped: balancer.dropSockets() };
      case 'POST /scale-to-zero':
        fleet.scaleToZero();
        return {};
      case 'POST /limits':
        fleet.limits = { ...fleet.limits, ...limitsSchema.parse(body) };
        fleet.scaleUp(0);
        return fleet.limits;
      default:
        return undefined;
    }
  }

  return createServer((request, response) => {
    const reply = (status: number, value: unknown): void => {
      response.writeHead(status, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify(value));
    };
    if (request.headers.origin !== undefined) {
      reply(403, { error: 'Web pages have no business here.' });
      return;
    }
    text(request)
      .then((body) => act(`${request.method} ${request.url}`, JSON.parse(body || '{}')))
      .then((value) =>
        value === undefined ? reply(404, { error: `No control at ${request.url}` }) : reply(200, value),
      )
      .catch((error: unknown) => reply(400, { error: error instanceof Error ? error.message : String(error) }));
  });
}
