import { isIP } from 'node:net';
import { dirname } from 'node:path';
import { addressOf, reach } from '#src/adapters/comfy/reach.ts';
import { isPostgresql } from '#src/adapters/db/connection.ts';
import { readDisk, roomAt } from '#src/adapters/files/disks/disk.ts';
import { bounded } from '#src/adapters/files/share/bounded.ts';
import type { BoundedCalls } from '#src/adapters/files/share/bounded-share.ts';
import { checkMount } from '#src/adapters/files/share/mount-check.ts';
import type { Bucket } from '#src/adapters/files/stores/bucket.ts';
import { checkBucket } from '#src/adapters/files/stores/bucket-check.ts';
import { keyVariableFault } from '#src/domain/endpoints/key-variable.ts';
import { bucketReport } from '#src/domain/health/bucket-report.ts';
import { comfyuiReport } from '#src/domain/health/comfyui-report.ts';
import { databaseReport } from '#src/domain/health/database-report.ts';
import { diskReport } from '#src/domain/health/disk-report.ts';
import { endpointReport } from '#src/domain/health/endpoint-report.ts';
import { type Finding, fine, warn } from '#src/domain/health/finding.ts';
import { shareReport } from '#src/domain/health/mount-report.ts';
import { proxyReport } from '#src/domain/health/proxy-report.ts';
import { shared } from '#src/domain/one-at-a-time.ts';
import { type Config, keyReader } from '#src/env.ts';
import type { EndpointStore, NewEndpoint } from '#src/ports/endpoints.ts';
import type { HealthFindings, Room, SystemCheck } from '#src/ports/health.ts';
import type { Log } from '#src/ports/log.ts';
import type { Clock } from '#src/ports/random.ts';

const MAX_MS = 5000;
const EVENT_MS = 1500;

type Target = Pick<NewEndpoint, 'name' | 'url' | 'apiKeyVariable'>;

const isElsewhere = ({ url }: Target): boolean => {
  const { host } = addressOf(url);
  return !(host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.')));
};

/** Loads its driver when it is asked: whoever keeps to a file does without. */
async function lookAtPostgresql(url: string): Promise<Finding> {
  const { lookAtDatabase } = await import('#src/adapters/db/look-at-database.ts');
  return databaseReport(await lookAtDatabase(url, MAX_MS));
}

/** Looks at everything around us that a class needs. Changes nothing, starts no GPU, and ends within seconds whatever does not answer. */
export async function checkUp(
  config: Config,
  endpoints: readonly Target[],
  signal: AbortSignal,
  calls: BoundedCalls,
  bucket: Bucket | null,
): Promise<Finding[]> {
  const { databaseUrl } = config;
  const [share, disks, database, storage, reached] = await Promise.all([
    checkMount(config.sfsDir, { maxMs: MAX_MS, eventMs: EVENT_MS, signal, calls }),
    Promise.all(
      ownFolders(config).map(async ({ what, dir, variable }) =>
        diskReport(what, dir, variable, await bounded(readDisk(dir), MAX_MS)),
      ),
    ),
    isPostgresql(databaseUrl) ? lookAtPostgresql(databaseUrl) : null,
    bucket === null ? [] : lookAtBucket(bucket),
    Promise.all(endpoints.map((endpoint) => lookAtEndpoint(endpoint, config, signal))),
  ]);
  const use = {
    watch: config.watch,
    pollMs: config.pollMs,
    workersElsewhere: endpoints.some(isElsewhere),
    madeAtStart: config.endpoints.length === 0,
  };
  const comfyui = comfyuiReport({
    isHttps: config.publicUrl?.startsWith('https:') ?? false,
    origin: config.comfyuiOrigin,
    port: config.comfyuiPort,
    containers: config.comfyuiUrl,
  });
  return [
    ...shareReport(share, use),
    ...disks,
    ...(database === null ? [] : [database]),
    ...storage,
    ...(endpoints.length > 0 ? reached.flat() : [noEndpoint(config)]),
    comfyui,
  ];
}

/** Looks when asked to. `close` ends a look that is under way. */
export function createSystemCheck(
  config: Config,
  {
    endpoints,
    boundedCalls,
    bucket,
    proxies,
    clock,
    log,
  }: {
    endpoints: EndpointStore;
    boundedCalls: BoundedCalls;
    bucket: Bucket | null;
    proxies: { disbelieved(): string | null };
    clock: Clock;
    log: Log;
  },
) {
  const end = new AbortController();
  let latest: HealthFindings | null = null;
  let looking: Promise<HealthFindings> | null = null;

  async function checkOnce(): Promise<HealthFindings> {
    const list = await endpoints.list();
    const findings = await checkUp(
      config,
      list.filter(({ enabled }) => enabled),
      end.signal,
      boundedCalls,
      bucket,
    );
    latest = { at: clock.now(), findings: [...findings, ...proxyReport(proxies.disbelieved())] };
    return latest;
  }

  const check = (): Promise<HealthFindings> => {
    looking ??= checkOnce().finally(() => {
      looking = null;
    });
    return looking;
  };

  /** What has no answer yet is not asked again: on a share that hangs, each question holds a thread. */
  const share = {
    what: 'Share',
    dir: config.sfsDir,
    check: shared(() => boundedCalls('a look at it', () => roomAt(config.sfsDir))),
  };
  const disks = [
    share,
    ...ownFolders(config).map(({ what, dir }) => ({ what, dir, check: shared(() => roomAt(dir)) })),
  ];

  async function roomOf({ what, dir, check: ask }: (typeof disks)[number]): Promise<Room> {
    const seen = await bounded(ask(), MAX_MS);
    return { what, dir, ...(seen.type === 'got' ? seen.value : { free: null, total: null }) };
  }

  return {
    check,
    found: async () => latest ?? check(),
    rooms: () => Promise.all(disks.map(roomOf)),
    /** Looks, and logs what is not as it should be. */
    begin(): void {
      check()
        .then(({ findings }) => {
          if (end.signal.aborted) return;
          for (const { level, what, sentence, doThis } of findings) {
            if (level === 'fault') log.error({ what, doThis }, sentence);
            if (level === 'warn') log.warn({ what, doThis }, sentence);
          }
        })
        .catch((error: unknown) => log.error({ err: error }, 'health check failed'));
    },
    async close(): Promise<void> {
      end.abort();
      await looking?.catch(() => undefined);
    },
  } satisfies SystemCheck & { begin(): void; close(): Promise<void> };
}

const noEndpoint = ({ demo }: Config): Finding =>
  demo
    ? fine('Endpoints', 'No endpoints are configured, so the GPUs are simulated.')
    : warn(
        'Endpoints',
        'No endpoints are configured and DEMO is "off": nothing will be rendered.',
        'Set ENDPOINTS or add an endpoint under Admin, Endpoints.',
      );

async function lookAtBucket(bucket: Bucket): Promise<Finding[]> {
  return [bucketReport(bucket.name, bucket.host, await bounded(checkBucket(bucket), MAX_MS))];
}

export function ownFolders({ dataDir, outputsDir, databaseUrl, s3 }: Config) {
  const database = isPostgresql(databaseUrl) ? dataDir : dirname(databaseUrl.replace(/^file:/, ''));
  return [
    { what: 'Data', dir: dataDir, variable: 'DATA_DIR' },
    { what: s3 === null ? 'Participants’ files' : 'Working copies', dir: outputsDir, variable: 'OUTPUTS_DIR' },
    ...(database === dataDir ? [] : [{ what: 'Database', dir: database, variable: 'DATABASE_URL' }]),
  ];
}

async function lookAtEndpoint(
  { name, url, apiKeyVariable }: Target,
  config: Config,
  signal: AbortSignal,
): Promise<Finding[]> {
  const { host, port } = addressOf(url);
  const ours = new AbortController();
  const reached = await bounded(reach(url, AbortSignal.any([signal, ours.signal])), MAX_MS);
  ours.abort();
  const refused = apiKeyVariable === null ? null : keyVariableFault(apiKeyVariable, config.endpointKeys);
  const isSet = apiKeyVariable !== null && refused === null && (keyReader(config)(apiKeyVariable) ?? '') !== '';
  return endpointReport({
    name,
    address: `${host.includes(':') ? `[${host}]` : host}:${port}`,
    reached,
    waitedMs: MAX_MS,
    key: apiKeyVariable === null ? null : { variable: apiKeyVariable, isSet, refused },
  });
}
