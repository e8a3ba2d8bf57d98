import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openDatabase } from '#src/adapters/db/connection.ts';
import { copyUnderWay, migrate } from '#src/adapters/db/migrate.ts';
import { AppError } from '#src/domain/errors.ts';
import type { Config } from '#src/env.ts';
import { createComfyuiSockets } from '#src/gateway/sockets.ts';
import type { Log } from '#src/ports/log.ts';
import { ensureOperator } from '#src/services/participants/ensure-operator.ts';
import { createHosts } from '../http/hosts.ts';
import { createJsonThreads } from '../http/json-threads.ts';
import { createOrigins } from '../http/requests.ts';
import { createComfyuiUpgrades } from '../http/sockets/comfyui-sockets.ts';
import { createSockets, SOCKET_PATH } from '../http/sockets/sockets.ts';
import { createAnnouncer } from '../loops/announcement-end.ts';
import { createBalancer } from '../loops/balancer.ts';
import { createCollector } from '../loops/collector.ts';
import { createFrontEndCaptures } from '../loops/comfyui/front-end-captures.ts';
import { createDeletion } from '../loops/deletion.ts';
import { createDispatcher } from '../loops/dispatcher.ts';
import { forgetOld } from '../loops/forget-old.ts';
import { createPlatformWatch } from '../loops/platform-watch.ts';
import { createRetention } from '../loops/retention.ts';
import { createRunListener } from '../loops/run-listener.ts';
import { createRunMonitor } from '../loops/run-monitor.ts';
import { createSystemAudit } from '../loops/system-audit.ts';
import { createThumbnailWorker } from '../loops/thumbnail-worker.ts';
import { createWarmUpScheduler } from '../loops/warm-up-scheduler.ts';
import { createWithdrawals } from '../loops/withdrawals.ts';
import { createMetrics } from '../state/metrics/metrics.ts';
import { startDemoFleet } from './demo-fleet.ts';
import { createDeps, type Deps } from './deps.ts';
import { ownFolder } from './folders.ts';
import { closeAll, listen, listenForComfyui } from './listen.ts';
import type { Pages } from './pages.ts';
import { reportClock } from './report-clock.ts';
import { createWeb } from './web.ts';

/** Of attempts that ended so recently, nobody knows whether their GPU was told before this process ended. */
const STOP_AGAIN_MS = 10 * 60_000;
const FORGET_EVERY_MS = 3_600_000;

export type Product = {
  readonly port: number;
  /** Null where ComfyUI has no port of its own. */
  readonly comfyuiPort: number | null;
  readonly url: string;
  /** Where everybody's ComfyUI is; null = nowhere. */
  readonly comfyuiUrl: string | null;
  /** The operator that was made just now, if any; the password only when it was made up here. */
  readonly firstOperator: { name: string; password: string | null } | null;
  readonly shareMode: string;
  stop(): Promise<void>;
};

/** Starts everything, in an order in which what fails first is what a person can fix; stops it in reverse. `arrange` may put others in the place of what everything stands on. */
export async function startProduct(
  config: Config,
  log: Log,
  about: { version: string; prismaDir: string; extensionDir: string },
  pages: Pages,
  arrange = (deps: Deps): Deps => deps,
): Promise<Product> {
  const closers: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const close of closers.splice(0).reverse()) {
      try {
        await close();
      } catch (error) {
        log.error({ err: error }, 'a component did not shut down cleanly');
      }
    }
  };
  try {
    await ownFolder(config.dataDir, 'DATA_DIR');
    await ownFolder(config.outputsDir, 'OUTPUTS_DIR');
    if (config.backups.dir !== null) await ownFolder(config.backups.dir, 'BACKUP_DIR');
    const shareDirs = [join(config.sfsDir, 'outputs'), join(config.sfsDir, 'inputs')];
    if (config.endpoints.length === 0) for (const dir of shareDirs) await mkdir(dir, { recursive: true });

    const atGallery = await listen(config);
    closers.push(() => closeAll(atGallery));
    const atComfyui = await listenForComfyui(config, log);
    const listening = atComfyui ? [atGallery, atComfyui] : [atGallery];
    if (atComfyui) closers.push(() => closeAll(atComfyui));
    const { port } = atGallery;

    const db = await openDatabase(config.databaseUrl);
    closers.unshift(() => db.close());
    const applied = await migrate(db, about.prismaDir);
    const copyOf = await copyUnderWay(db);
    if (copyOf !== null)
      throw new AppError(
        'conflict',
        `The database is an unfinished copy of ${copyOf}. Finish it (npm run move-database, docs/scaling.md), or name another one with DATABASE_URL.`,
      );
    if (applied.length > 0) log.info({ applied }, 'database migrated');
    const standing = arrange(await createDeps(config, db, log, about));
    const frontEndCaptures = createFrontEndCaptures(standing);
    const deps = { ...standing, frontEndCaptures };
    closers.push(
      () => deps.stopper.close(),
      () => deps.listeningTests.close(),
      () => deps.inputPictures.close(),
      () => deps.contentHasher.close(),
      async () => deps.bucket?.close(),
    );
    await deps.reserve.keep().catch((error: unknown) => log.warn({ err: error }, 'could not create the reserve file'));
    await reportClock(deps);
    const made = await ensureOperator(deps, config.admin);

    if (config.demo) {
      const { fleet, endpoint } = await startDemoFleet(config, log);
      closers.push(() => fleet.stop());
      await deps.endpoints.configure([endpoint], deps.clock.now());
    } else await deps.endpoints.configure(config.endpoints, deps.clock.now());

    const forget = () =>
      forgetOld(deps).catch((error: unknown) => log.error({ err: error }, 'could not delete old data'));
    const forgetting = setInterval(forget, FORGET_EVERY_MS);

    const comfyuiPort = atComfyui?.port ?? null;
    const origins = createOrigins({ ...config, port, comfyuiPort, proxies: deps.proxies });
    const hosts = createHosts(config);
    const jsonThreads = createJsonThreads();
    closers.push(() => jsonThreads.close());
    const sockets = createSockets(deps, origins, hosts);
    const comfyuiUpgrades = createComfyuiUpgrades(
      { ...deps, comfyuiSockets: createComfyuiSockets(deps) },
      origins,
      hosts,
    );
    deps.processes.countSockets(() => sockets.count());
    const metrics = createMetrics({ ...deps, sockets, isLeader: () => true, version: about.version });
    const http = createWeb({ ...deps, metrics, jsonThreads }, config, about, pages, { origins, hosts });
    for (const { server } of listening) {
      server.removeAllListeners('request');
      server.on('request', http);
      server.on('upgrade', (request, socket, head) => {
        const path = (request.url ?? '').split('?')[0];
        const fault = (error: unknown) => {
          log.error({ err: error }, 'could not open a WebSocket');
          socket.destroy();
        };
        if (path === SOCKET_PATH) sockets.upgrade(request, socket, head).catch(fault);
        else if (comfyuiUpgrades.isFor(request)) comfyuiUpgrades.upgrade(request, socket, head).catch(fault);
        else if (!pages.upgrades(path ?? '')) socket.destroy();
      });
    }
    await deps.breakers.restore();
    await deps.jobs.forgetRequests(deps.clock.now());
    for (const attempt of await deps.jobs.leftRunning(deps.clock.now() - STOP_AGAIN_MS)) deps.stopAttempt(attempt);
    const { platform } = deps;
    const runMonitor = createRunMonitor(deps, deps.timings.asking);
    closers.push(() => runMonitor.close());
    const runListener = createRunListener(deps);
    const loops = [
      createThumbnailWorker(deps),
      createDeletion(deps),
      deps.backups,
      createWarmUpScheduler(deps),
      createRetention(deps),
      createAnnouncer(deps),
      createSystemAudit(deps, about.version),
      runListener,
      createCollector({ ...deps, runMonitor, runListener, pollMs: config.pollMs }),
      createDispatcher(deps),
      createWithdrawals(deps),
      createBalancer(deps),
      frontEndCaptures,
      ...(platform ? [createPlatformWatch({ ...deps, platform }, { dryRun: config.verda?.dryRun ?? true })] : []),
    ];
    closers.push(
      async () => metrics.close(),
      () => deps.systemCheck.close(),
    );
    for (const loop of loops) {
      closers.push(() => loop.stop());
      await loop.start();
    }
    deps.systemCheck.begin();
    closers.push(
      () => Promise.all([sockets.close(), comfyuiUpgrades.close()]),
      async () => {
        clearInterval(forgetting);
        for (const { server } of listening) {
          server.close();
          server.closeIdleConnections();
        }
      },
    );
    const at = (ownPort: number) => `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${ownPort}`;
    return {
      port,
      comfyuiPort,
      url: config.publicUrl ?? at(port),
      comfyuiUrl: config.comfyuiOrigin ?? (comfyuiPort === null ? null : at(comfyuiPort)),
      firstOperator: made && { name: made.name, password: made.madeUp ? made.password : null },
      shareMode: deps.shareMode,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
