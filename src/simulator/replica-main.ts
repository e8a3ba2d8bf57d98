import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { toReplicaSchema } from './messages.ts';
import { allNodes } from './nodes/all.ts';
import { inputFileHash } from './nodes/images/load.ts';
import { replicaOptionsSchema } from './options.ts';
import { Catalog } from './replica/catalog.ts';
import { FaultGate, sendToFleet } from './replica/execution/fault-gate.ts';
import { OutputCache } from './replica/execution/output-cache.ts';
import { promptWorker } from './replica/execution/prompt-worker.ts';
import type { Worker } from './replica/execution/worker.ts';
import { fileRoutes } from './replica/http/file-routes.ts';
import { frontEndRoutes } from './replica/http/front-end-routes.ts';
import { originAllowed } from './replica/http/http.ts';
import { infoRoutes } from './replica/http/info-routes.ts';
import { jobRoutes } from './replica/http/job-routes.ts';
import { queueRoutes } from './replica/http/queue-routes.ts';
import { router } from './replica/http/routes.ts';
import { Sockets } from './replica/http/sockets.ts';
import { uploadRoutes } from './replica/http/upload-routes.ts';
import { userRoutes } from './replica/http/user-routes.ts';
import { PromptQueue } from './replica/prompt-queue.ts';

const options = replicaOptionsSchema.parse(JSON.parse(process.argv[2] ?? '{}'));
const folders = {
  outputs: path.resolve(options.outputs),
  inputs: path.resolve(options.inputs),
  temp: path.resolve(options.temp),
};
for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true });

const salt = randomUUID();
const setOrder = (ids: readonly string[]): string[] => {
  const rank = (id: string): string => createHash('md5').update(salt).update(id).digest('hex');
  return [...ids].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
};

const faults = new FaultGate();
const sockets = new Sockets();
const catalog = new Catalog({ models: options.models, version: options.version, ...folders });
const queue = new PromptQueue(() => {
  sockets.send('status', { status: { exec_info: { queue_remaining: queue.remaining() } } }, null);
  sendToFleet({ type: 'queue', running: queue.running(), pending: queue.pending() });
});
const worker: Worker = {
  ...folders,
  pace: options.pace,
  version: options.version,
  disableMetadata: options.disableMetadata,
  previews: options.previews,
  catalog,
  cache: new OutputCache(catalog, (classType, inputs) => inputFileHash(classType, inputs, folders)),
  sockets,
  faults,
  nodes: allNodes,
  setOrder,
  interrupt: { wanted: false },
  used: new Set(),
};
const prompts = promptWorker(worker, queue);
const server = createServer(
  router([
    ...queueRoutes(worker, queue, prompts),
    ...infoRoutes(options, catalog),
    ...(options.page ? frontEndRoutes(options) : []),
    ...jobRoutes(worker, queue),
    ...fileRoutes(folders),
    ...uploadRoutes(folders),
    ...userRoutes(),
  ]),
);
server.requestTimeout = 0;
server.keepAliveTimeout = 75_000;
sockets.attach(server, () => ({ exec_info: { queue_remaining: queue.remaining() } }), originAllowed);
faults.listen(() => queue.nudge());
process.on('message', (raw) => {
  const message = toReplicaSchema.parse(raw);
  if (message.type === 'update') options.update = message.update;
});

const removeTemp = (): void => rmSync(folders.temp, { recursive: true, force: true });
process.on('disconnect', () => {
  removeTemp();
  process.exit(0);
});
process.on('SIGTERM', () => {
  removeTemp();
  process.exit(0);
});

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The worker has no port.');
  prompts.start();
  sendToFleet({ type: 'ready', port: address.port });
});
