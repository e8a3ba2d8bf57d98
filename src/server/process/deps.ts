import { join } from 'node:path';
import { random } from '#src/adapters/auth/random.ts';
import { createAskEndpoint } from '#src/adapters/comfy/ask.ts';
import { createAskRuns } from '#src/adapters/comfy/ask-runs.ts';
import { createListen } from '#src/adapters/comfy/listen.ts';
import { createWorker } from '#src/adapters/comfy/worker.ts';
import { createAnnouncementStore } from '#src/adapters/db/classes/announcement-store.ts';
import { createSettingStore } from '#src/adapters/db/classes/setting-store.ts';
import { createWorkflowStore } from '#src/adapters/db/classes/workflow-store.ts';
import { createOwnFileStore } from '#src/adapters/db/comfyui/own-file-store.ts';
import { createOwnSettingStore } from '#src/adapters/db/comfyui/own-setting-store.ts';
import type { Database } from '#src/adapters/db/connection.ts';
import { createEndpointStore } from '#src/adapters/db/endpoints/endpoint-store.ts';
import { createPlatformStore } from '#src/adapters/db/endpoints/platform-store.ts';
import { createAuditLog } from '#src/adapters/db/events/audit-log.ts';
import { createClientLogs } from '#src/adapters/db/events/client-logs.ts';
import { createEventLog } from '#src/adapters/db/events/event-log.ts';
import { createApiRequests } from '#src/adapters/db/jobs/api-requests.ts';
import { createClassReading } from '#src/adapters/db/jobs/class-reading.ts';
import { createComfyuiJobs } from '#src/adapters/db/jobs/comfyui-jobs.ts';
import { createDuplicateStore } from '#src/adapters/db/jobs/duplicate-store.ts';
import { createJobBoard } from '#src/adapters/db/jobs/job-board.ts';
import { createJobStatistics } from '#src/adapters/db/jobs/job-statistics.ts';
import { createJobStore } from '#src/adapters/db/jobs/job-store.ts';
import { createMeasurements } from '#src/adapters/db/jobs/measurements.ts';
import { createContentHashes } from '#src/adapters/db/results/content-hashes.ts';
import { createIgnoredOrphans } from '#src/adapters/db/results/ignored-orphans.ts';
import { createInputStore } from '#src/adapters/db/results/input-store.ts';
import { createResultStore } from '#src/adapters/db/results/result-store.ts';
import { createSnapshots } from '#src/adapters/db/snapshots.ts';
import { createJoinCodes } from '#src/adapters/db/users/join-codes.ts';
import { createUserStore } from '#src/adapters/db/users/user-store.ts';
import { createBus } from '#src/adapters/events/bus.ts';
import { createDiskSpace } from '#src/adapters/files/disks/disk-space.ts';
import { shrinkPicture } from '#src/adapters/files/media/pictures.ts';
import { createNodeCatalogues } from '#src/adapters/files/nodes/node-catalogues.ts';
import { createArchiveStore } from '#src/adapters/files/results/archive-store.ts';
import { createBackupStore } from '#src/adapters/files/results/backup-store.ts';
import { contactSheets } from '#src/adapters/files/results/contact-sheet.ts';
import { createGallery } from '#src/adapters/files/results/gallery.ts';
import { createReserve } from '#src/adapters/files/results/reserve.ts';
import { boundShare, createBoundedCalls } from '#src/adapters/files/share/bounded-share.ts';
import { createInputPictures } from '#src/adapters/files/share/input-pictures.ts';
import { createInputShare } from '#src/adapters/files/share/input-share.ts';
import { createModelFolder } from '#src/adapters/files/share/model-folder.ts';
import { createShare } from '#src/adapters/files/share/share.ts';
import { createVerda } from '#src/adapters/verda/verda.ts';
import { type Config, keyReader } from '#src/env.ts';
import type { Log } from '#src/ports/log.ts';
import { createProxies } from '../http/proxies.ts';
import { createTurns } from '../http/turns.ts';
import { createContentHasher } from '../loops/assets/content-hasher.ts';
import { createBackups } from '../loops/backups.ts';
import { createStopper } from '../loops/stop-attempts.ts';
import { createSystemCheck, ownFolders } from '../state/check-up.ts';
import { createBreakers } from '../state/circuit-breakers.ts';
import { createComfyuiAnswers } from '../state/comfyui-answers.ts';
import { createEndpointTests } from '../state/endpoint-tests.ts';
import { createEndpointUse } from '../state/endpoint-use.ts';
import { createEstimates } from '../state/estimates.ts';
import { createHandedWorkflows } from '../state/handed-workflows.ts';
import { createHealthCheck } from '../state/health-check.ts';
import { createHeardReplicas } from '../state/heard-replicas.ts';
import { createLastDay } from '../state/last-day.ts';
import { createListeningTests } from '../state/listening-tests.ts';
import { createLivePreviews } from '../state/live-previews.ts';
import { createLiveRuns } from '../state/live-runs.ts';
import { createModelNames } from '../state/model-names.ts';
import { createMonitoring } from '../state/monitoring.ts';
import { createPlatformBoard } from '../state/platform-board.ts';
import { createPresence } from '../state/presence.ts';
import { createProcesses } from '../state/processes.ts';
import { createQueueBoard } from '../state/queue/queue-board.ts';
import { checksOf, createReadiness } from '../state/readiness.ts';
import { createWorkerVersions } from '../state/worker-versions.ts';
import { TIMINGS } from '../timings.ts';
import { createAuthDeps } from './auth-deps.ts';
import { createEditorDeps } from './editor-deps.ts';
import { modeOf } from './mode-of.ts';
import { createStores } from './stores.ts';
import { THREADS } from './threads.ts';

/** Mutations of one participant; some wait for the body or for the share. */
const CALLS_AT_A_TIME = 3;
/** The database answers one query after another: more at a time would only make others wait. */
const MAX_QUERIES_AT_A_TIME = 1;
const SHARE_TIMEOUT_MS = 20_000;

type Built = Record<'version' | 'prismaDir', string>;
/** Everything that the loops and the API stand on, put together from the real adapters. */
export async function createDeps(config: Config, db: Database, log: Log, { version, prismaDir }: Built) {
  const bus = createBus((error) => log.error({ err: error }, 'an event listener failed'));
  const shareOutputs = join(config.sfsDir, 'outputs');
  const mode = config.watch === 'auto' ? await modeOf(shareOutputs) : config.watch;
  const board = createQueueBoard();
  const clock = { now: () => Date.now() };
  const endpoints = createEndpointStore(db, bus);
  const keyOf = keyReader(config);
  const worker = createWorker(keyOf);
  const boundedCalls = createBoundedCalls({ timeoutMs: SHARE_TIMEOUT_MS, maxStuck: THREADS.share });
  const settings = createSettingStore(db, bus);
  const events = createEventLog(db);
  const jobs = createJobStore(db, bus);
  const duplicates = createDuplicateStore(db, bus);
  const thumbsDir = join(config.dataDir, 'thumbs');
  const stores = await createStores(config, thumbsDir);
  const { bucket } = stores;
  const diskSpace = createDiskSpace(
    ownFolders(config).map(({ dir }) => dir),
    clock,
  );
  const faults = createReadiness(checksOf(config, events, boundedCalls, diskSpace, bucket));
  const proxies = createProxies(config.trustedProxies);
  const systemCheck = createSystemCheck(config, { endpoints, boundedCalls, bucket, proxies, clock, log });
  const auditLog = createAuditLog(db, bus, log);
  const breakers = createBreakers({ endpoints, auditLog, clock, log });
  const askEndpoint = createAskEndpoint(keyOf);
  const workerVersions = createWorkerVersions();
  const stopper = createStopper({ endpoints, worker, workerVersions, askEndpoint, log });
  const livePreviews = createLivePreviews({ clock });
  const measurements = createMeasurements(db);
  const lastDay = createLastDay({ reading: createClassReading(db), clock });
  const platformBoard = createPlatformBoard(clock);
  const heardReplicas = createHeardReplicas();
  const gallery = createGallery(shareOutputs, stores, boundedCalls, log);
  const about = { demo: config.demo, version, publicUrl: config.publicUrl };
  const { dir, ...timings } = config.backups;
  const inputsDir = join(config.sfsDir, 'inputs');
  const backupStore =
    dir === null ? null : createBackupStore(dir, { results: stores.results, inputsDir }, boundedCalls);
  const listen = createListen(keyOf);
  const share = boundShare(createShare({ outputsDir: shareOutputs, mode }), boundedCalls);
  const { stopAttempt } = stopper;
  const contentHashes = createContentHashes(db);
  const modelFolder = createModelFolder(config.modelsDir, boundedCalls);
  const modelNames = createModelNames({ modelFolder, clock });
  return {
    jobs,
    apiRequests: createApiRequests(db),
    comfyuiJobs: createComfyuiJobs(db),
    comfyuiAnswers: createComfyuiAnswers(bus),
    results: createResultStore(db, bus),
    inputs: createInputStore(db),
    inputShare: createInputShare(inputsDir, boundedCalls),
    contentHashes,
    contentHasher: createContentHasher({ contentHashes, gallery, boundedCalls, log }, inputsDir),
    inputPictures: createInputPictures(inputsDir, join(thumbsDir, 'inputs'), log),
    users: createUserStore(db, bus),
    ownFiles: createOwnFileStore(db),
    ownSettings: createOwnSettingStore(db),
    joinCodes: createJoinCodes(db),
    endpoints,
    endpointKeys: config.endpointKeys,
    settings,
    auditLog,
    backups: createBackups(
      { backupStore, snapshots: createSnapshots(db, prismaDir), auditLog, clock, about, log },
      timings,
    ),
    events,
    faults,
    healthCheck: createHealthCheck({ faults, rooms: systemCheck.rooms }),
    processes: createProcesses({ clock, version, isLeader: () => true }),
    monitoring: createMonitoring(config.monitoring, clock),
    jobBoard: createJobBoard(db),
    duplicates,
    lastDay,
    workflows: createWorkflowStore(db, bus),
    handedWorkflows: createHandedWorkflows({ clock, random }),
    announcements: createAnnouncementStore(db, bus),
    clientLogs: createClientLogs(db, bus),
    calls: createTurns(CALLS_AT_A_TIME),
    queries: createTurns(MAX_QUERIES_AT_A_TIME),
    replays: createTurns(1),
    jobStatistics: createJobStatistics(db),
    bus,
    board,
    positions: board,
    presence: createPresence(bus),
    estimates: createEstimates({
      measurements,
      endpoints,
      settings,
      breakers,
      board,
      bus,
      clock,
    }),
    measurements,
    worker,
    askEndpoint,
    askRuns: createAskRuns(keyOf),
    listen,
    livePreviews,
    liveRuns: createLiveRuns({ jobs, bus, livePreviews, clock, log }),
    workerVersions,
    stopper,
    stopAttempt,
    boundedCalls,
    share,
    systemCheck,
    proxies,
    diskSpace,
    modelFolder,
    modelNames,
    nodeCatalogues: createNodeCatalogues({ dir: join(config.dataDir, 'nodes'), modelNames, log }),
    ignoredOrphans: createIgnoredOrphans(db),
    shareMode: mode,
    gallery,
    bucket,
    reserve: createReserve(config.dataDir, thumbsDir),
    archives: createArchiveStore(stores.archives, gallery),
    sheets: contactSheets,
    shrinkPicture,
    ...createAuthDeps(clock),
    clock,
    breakers,
    platform: config.verda && createVerda(config.verda),
    platformBoard,
    heardReplicas,
    ...(await createEditorDeps(config, { keyOf, endpoints, bus, clock })),
    endpointTests: createEndpointTests(),
    listeningTests: createListeningTests({
      worker,
      listen,
      stopAttempt,
      share,
      platformBoard,
      settings,
      auditLog,
      clock,
      random,
      log,
    }),
    endpointUse: createEndpointUse({ endpoints, lastDay, heardReplicas, platformBoard, duplicates, clock }),
    platformStore: createPlatformStore(db),
    timings: TIMINGS,
    log,
    about,
  };
}
export type Deps = Awaited<ReturnType<typeof createDeps>>;
