import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { type FakeDeployment, gpuTypes, linesOf, overviewOf, scalingOf, scalingPatch } from './deployments.ts';
import { Tokens } from './tokens.ts';

type Options = {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly deployments: FakeDeployment[];
  readonly tokenSeconds?: number;
};

type Refusal = { status: number; code: string; message: string; retryAfter?: number };

const noRefusal = (): Refusal | null => null;

/** A stand-in for the management API of Verda: only what its documentation describes, with its oddities. Deployments, faults and tokens can be changed while it runs. */
export async function startFakeVerda(options: Options) {
  const { deployments } = options;
  const tokens = new Tokens(options, options.tokenSeconds ?? 3600);
  const firstSeen = new Map<string, number>();
  const requests: string[] = [];
  const control = {
    /** The state of starting replicas, in the platform's words. */
    booting: 'initializing',
    /** While it is set, every request is rejected with it. */
    refusal: noRefusal(),
    /** The number of next changes that are made, but answered with a 504. */
    slowPatches: 0,
    /** All tokens become invalid. */
    forgetTokens: () => tokens.forgetAccess(),
    forgetRefreshTokens: () => tokens.forgetRefresh(),
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
    const granted = tokens.grant(body);
    switch (granted) {
      case 'unsupported':
        fail(response, { status: 400, code: 'invalid_request', message: 'unsupported grant type' });
        break;
      case 'unknown':
        fail(response, { status: 401, code: 'unauthorized_request', message: 'Invalid client credentials' });
        break;
      default:
        reply(response, 200, granted);
    }
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

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://verda');
    const asked = `${request.method} ${pathname}`;
    requests.push(asked);
    const sent = await text(request);
    const body: unknown = sent === '' ? undefined : JSON.parse(sent);
    if (control.refusal) return fail(response, control.refusal);
    if (asked === 'POST /oauth2/token') return signIn(body, response);
    if (asked === 'GET /container-types') return reply(response, 200, gpuTypes(searchParams.get('currency') ?? 'usd'));
    if (!tokens.accepts(request.headers.authorization))
      return fail(response, {
        status: 401,
        code: 'unauthorized_request',
        message: 'Access token is missing or invalid',
      });
    if (asked === 'GET /container-deployments') return reply(response, 200, deployments.map(overviewOf));
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
    /** All requests, as `GET /path`. */
    requests,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
export type FakeVerda = Awaited<ReturnType<typeof startFakeVerda>>;
