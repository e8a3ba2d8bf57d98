import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { z } from 'zod';
import type { FleetControl } from '../fleet-control.ts';

export type FakeDeployment = {
  readonly name: string;
  readonly url: string;
  readonly gpu: string;
  readonly spot: boolean;
  min: number;
  max: number;
  /** As the platform words them. */
  replicas: { id: string; status: string; started_at: string }[];
  /** The simulated GPUs behind it: their states are its replicas then, and its scaling is theirs. */
  readonly fleet?: FleetControl;
  logs: { timestamp: string; replica: string; message: string }[];
  systemLogs: { timestamp: string; reason: string; message: string; involved_object: string; count: number }[];
};

type Options = {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly deployments: FakeDeployment[];
  readonly tokenSeconds?: number;
};

type Refusal = { status: number; code: string; message: string; retryAfter?: number };

const noRefusal = (): Refusal | null => null;

const grants = z.discriminatedUnion('grant_type', [
  z.object({ grant_type: z.literal('client_credentials'), client_id: z.string(), client_secret: z.string() }),
  z.object({ grant_type: z.literal('refresh_token'), refresh_token: z.string() }),
]);
const count = z.int().min(0);
const scalingPatch = z.object({ min_replica_count: count.optional(), max_replica_count: count.optional() });

async function readJson(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const part of request) if (Buffer.isBuffer(part)) parts.push(part);
  return parts.length === 0 ? undefined : JSON.parse(Buffer.concat(parts).toString('utf8'));
}

/** A stand-in for the management API of Verda: only what is told of it is here, with its oddities. Deployments, faults and tokens can be changed while it runs. */
export async function startFakeVerda(options: Options) {
  const { deployments } = options;
  const tokens = new Map<string, number>();
  const refreshTokens = new Set<string>();
  const firstSeen = new Map<string, number>();
  const requests: string[] = [];
  const control = {
    /** How far replicas are that a fleet is starting, as the platform words it. */
    booting: 'initializing',
    /** Every request is refused like that while it is set. */
    refusal: noRefusal(),
    /** So many of the next changes are made, but answered with a 504. */
    slowPatches: 0,
    /** No token of so far is good any more. */
    forgetTokens(): void {
      tokens.clear();
    },
    forgetRefreshTokens(): void {
      refreshTokens.clear();
    },
  };

  const fail = (response: ServerResponse, { status, code, message, retryAfter }: Refusal): void => {
    if (retryAfter !== undefined) response.setHeader('retry-after', String(retryAfter));
    reply(response, status, { code, message });
  };
  const reply = (response: ServerResponse, status: number, body: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };

  function signIn(body: unknown, response: ServerResponse): void {
    const grant = grants.safeParse(body);
    if (!grant.success) {
      fail(response, { status: 400, code: 'invalid_request', message: 'unsupported grant type' });
      return;
    }
    const isKnown =
      grant.data.grant_type === 'refresh_token'
        ? refreshTokens.delete(grant.data.refresh_token)
        : grant.data.client_id === options.clientId && grant.data.client_secret === options.clientSecret;
    if (!isKnown) {
      fail(response, { status: 401, code: 'unauthorized_request', message: 'Invalid client credentials' });
      return;
    }
    const seconds = options.tokenSeconds ?? 3600;
    const [access, refresh] = [randomUUID(), randomUUID()];
    tokens.set(access, Date.now() + seconds * 1000);
    refreshTokens.add(refresh);
    reply(response, 200, {
      access_token: access,
      token_type: 'Bearer',
      expires_in: seconds,
      refresh_token: refresh,
      scope: 'cloud-api-v1',
    });
  }

  async function replicasOf(deployment: FakeDeployment) {
    if (!deployment.fleet) return deployment.replicas;
    const now = Date.now();
    const { replicas } = await deployment.fleet.state();
    return replicas
      .filter(({ phase }) => phase !== 'gone')
      .map(({ id, phase }) => {
        const since = firstSeen.get(id) ?? now;
        firstSeen.set(id, since);
        return {
          id,
          status: phase === 'ready' ? 'running' : control.booting,
          started_at: new Date(since).toISOString(),
        };
      });
  }

  const scalingOf = ({ min, max }: FakeDeployment) => ({
    min_replica_count: min,
    max_replica_count: max,
    scale_down_policy: { delay_seconds: 300 },
    scale_up_policy: { delay_seconds: 0 },
    queue_message_ttl_seconds: 36_000,
    concurrent_requests_per_replica: 1,
    // Those that are off come back without a threshold.
    scaling_triggers: {
      queue_load: { threshold: 1 },
      cpu_utilization: { enabled: false, threshold: null },
      gpu_utilization: { enabled: false, threshold: null },
    },
  });

  async function patchScaling(deployment: FakeDeployment, body: unknown, response: ServerResponse): Promise<void> {
    const patch = scalingPatch.safeParse(body);
    const min = patch.data?.min_replica_count ?? deployment.min;
    const max = patch.data?.max_replica_count ?? deployment.max;
    if (!patch.success || min > max)
      return fail(response, { status: 400, code: 'invalid_request', message: 'min_replica_count is not valid' });
    Object.assign(deployment, { min, max });
    await deployment.fleet?.setLimits({ min });
    if (control.slowPatches > 0) {
      control.slowPatches -= 1;
      return fail(response, { status: 504, code: 'server_error', message: 'upstream request timeout' });
    }
    reply(response, 200, scalingOf(deployment));
  }

  function linesOf<Line extends { timestamp: string }>(lines: readonly Line[], query: URLSearchParams): Line[] {
    const [from, to] = [Date.parse(query.get('start') ?? ''), Date.parse(query.get('end') ?? '')];
    const words = query.get('search_text') ?? '';
    const found = lines
      .filter(({ timestamp }) => !(Date.parse(timestamp) < from || Date.parse(timestamp) > to))
      .filter((line) => words === '' || JSON.stringify(line).includes(words))
      .sort((a, b) => Date.parse(b.timestamp) - Date.parse(a.timestamp));
    return found.slice(0, Number(query.get('limit') ?? 50));
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://verda');
    const asked = `${request.method} ${pathname}`;
    requests.push(asked);
    const body = await readJson(request);
    if (control.refusal) return fail(response, control.refusal);
    if (asked === 'POST /oauth2/token') return signIn(body, response);
    if (asked === 'GET /container-types')
      return reply(response, 200, [
        {
          id: 'x',
          model: 'H200',
          name: 'H200 SXM5 141GB',
          instance_type: '1H200.141S.44V',
          gpu: { description: '1x H200 SXM5 141GB', number_of_gpus: 1 },
          serverless_price: '2.80',
          serverless_spot_price: '0.97',
          currency: searchParams.get('currency') ?? 'usd',
          manufacturer: 'NVIDIA',
        },
      ]);
    const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    if ((tokens.get(bearer) ?? 0) <= Date.now())
      return fail(response, {
        status: 401,
        code: 'unauthorized_request',
        message: 'Access token is missing or invalid',
      });
    if (asked === 'GET /container-deployments')
      return reply(
        response,
        200,
        deployments.map(({ name, url, gpu, spot }) => ({
          name,
          endpoint_base_url: url,
          is_spot: spot,
          compute: { name: gpu, size: 1 },
          containers: [],
          created_at: '2026-10-01T00:00:00.000Z',
        })),
      );
    const [, name, part] = /^\/container-deployments\/([^/]+)\/([^/]+)$/.exec(pathname) ?? [];
    const deployment = deployments.find((one) => one.name === name);
    if (!deployment) return fail(response, { status: 404, code: 'not_found', message: 'Deployment not found' });
    switch (`${request.method} ${part}`) {
      case 'GET scaling':
        return reply(response, 200, scalingOf(deployment));
      case 'PATCH scaling':
        return patchScaling(deployment, body, response);
      case 'GET replicas':
        return reply(response, 200, { list: await replicasOf(deployment) });
      case 'GET logs':
        return reply(response, 200, linesOf(deployment.logs, searchParams));
      case 'GET system-logs':
        return reply(response, 200, linesOf(deployment.systemLogs, searchParams));
      default:
        return fail(response, { status: 403, code: 'forbidden_action', message: 'Insufficient scope' });
    }
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) =>
      fail(response, { status: 500, code: 'server_error', message: String(error) }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    deployments,
    control,
    /** All that was asked, as `GET /path`. */
    requests,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
export type FakeVerda = Awaited<ReturnType<typeof startFakeVerda>>;
