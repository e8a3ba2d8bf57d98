import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { startFleet } from '#src/simulator/start-fleet.ts';
import { makeClass } from './class.ts';
import { withFolder } from './folder.ts';
import { cpuSeconds, residentMiB } from './process-figures.ts';
import { type BenchProduct, call, query, withProduct } from './product.ts';
import { median, ms, quantile, table } from './report.ts';

const EDITORS = 20;
/** As many as a real server with some node packs has, and as much text: 3 MB. */
const CLASSES = 1500;
const SETTLE_MS = 20_000;
/** What a page asks for when it opens, in the end. */
const OPENING = [
  '/',
  '/api/users',
  '/api/settings',
  '/api/extensions',
  '/api/system_stats',
  '/api/features',
  '/api/object_info',
  '/api/i18n',
  '/api/userdata?dir=workflows&recurse=true&split=false&full_info=true',
  '/api/jobs?limit=64&offset=0',
  '/api/queue',
  '/api/global_subgraphs',
];

const moreClasses = () =>
  Object.fromEntries(
    Array.from({ length: CLASSES }, (_, n) => [
      `BenchNode${n}`,
      {
        input: {
          required: Object.fromEntries(
            Array.from({ length: 8 }, (_, at) => [
              `input_${at}`,
              at === 0
                ? [Array.from({ length: 20 }, (_, choice) => `choice_${n}_${choice}`), {}]
                : [
                    'FLOAT',
                    { default: 1, min: 0, max: 10, step: 0.1, tooltip: `What input ${at} of node ${n} is for.` },
                  ],
            ]),
          ),
        },
        output: ['IMAGE'],
        output_is_list: [false],
        output_name: ['IMAGE'],
        name: `BenchNode${n}`,
        display_name: `Bench node ${n}`,
        description: '',
        python_module: 'custom_nodes.bench',
        category: 'bench',
        output_node: false,
      },
    ]),
  );

/** A worker that has many more nodes than the simulated one behind it. */
async function withManyNodes<T>(behind: string, work: (url: string) => Promise<T>): Promise<T> {
  const more = moreClasses();
  const server = createServer((request, response) => {
    fetch(`${behind}${request.url}`)
      .then(async (answer) => {
        const isNodes = /^(\/api)?\/object_info$/.test(request.url ?? '');
        const body = isNodes
          ? JSON.stringify({ ...z.record(z.string(), z.unknown()).parse(await answer.json()), ...more })
          : Buffer.from(await answer.arrayBuffer());
        response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' });
        response.end(body);
      })
      .catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await work(`http://127.0.0.1:${z.object({ port: z.number() }).parse(server.address()).port}`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

const list = z.object({
  endpoints: z.array(z.object({ id: z.string(), kept: z.unknown().nullable() }).loose()),
});

async function readFrontEnd(product: BenchProduct, token: string): Promise<void> {
  const endpoints = async () => list.parse(await query(product, token, 'admin.frontEnds.list', undefined)).endpoints;
  const [endpoint] = await endpoints();
  await call(product, token, 'admin.frontEnds.refresh', { id: endpoint?.id });
  while (!(await endpoints())[0]?.kept) await sleep(200);
}

/** Opens somebody's editor as its page does, and leaves its socket open. */
async function openEditor(comfyui: string, token: string) {
  const headers = { authorization: `Bearer ${token}`, 'accept-encoding': 'gzip' };
  const socket = new WebSocket(`${comfyui.replace('http', 'ws')}/ws?clientId=${token.slice(0, 8)}`, { headers });
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'feature_flags', data: {} }));
  let nodesMs = 0;
  let bytes = 0;
  for (const path of OPENING) {
    const began = performance.now();
    const answer = await fetch(`${comfyui}${path}`, { headers });
    const length = (await answer.arrayBuffer()).byteLength;
    if (answer.status !== 200 && !path.includes('userdata') && path !== '/')
      throw new Error(`${path} answered ${answer.status}.`);
    if (path.endsWith('object_info')) [nodesMs, bytes] = [performance.now() - began, length];
  }
  return { socket, nodesMs, bytes };
}

/** How long somebody else waits meanwhile, asked every 10 ms. */
async function waitsOf(url: string, until: AbortSignal): Promise<number[]> {
  const waits: number[] = [];
  while (!until.aborted) {
    const began = performance.now();
    await (await fetch(`${url}/healthz`)).arrayBuffer();
    waits.push(performance.now() - began);
    await sleep(10);
  }
  return waits;
}

/** What a class full of open editors costs the one process that serves them. */
export const measureEditors = (): Promise<void> =>
  withFolder(async (folder) => {
    const dataDir = join(folder, 'data');
    const sfsDir = join(folder, 'sfs');
    const { operator, students } = await makeClass(dataDir, EDITORS);
    const fleet = await startFleet({
      outputs: join(sfsDir, 'outputs'),
      inputs: join(sfsDir, 'inputs'),
      replicas: 1,
      version: '0.33.0',
    });
    try {
      await withManyNodes(fleet.url, (url) =>
        withProduct({ dataDir, sfsDir, endpoint: { url, capacity: 1 } }, async (product) => {
          const comfyui = `http://127.0.0.1:${Number(new URL(product.url).port) + 1}`;
          await readFrontEnd(product, operator.token);
          // One is open, so that what everybody shares is there already.
          const first = await openEditor(comfyui, students[0]?.token ?? '');
          await sleep(SETTLE_MS);
          const [before, used] = [await residentMiB(product.pid), await cpuSeconds(product.pid)];
          const ended = new AbortController();
          const waiting = waitsOf(product.url, ended.signal);
          const editors = await Promise.all(students.slice(1).map(({ token }) => openEditor(comfyui, token)));
          ended.abort();
          const waits = await waiting;
          const peak = await residentMiB(product.pid);
          const cpu = (await cpuSeconds(product.pid)) - used;
          await sleep(SETTLE_MS);
          const after = await residentMiB(product.pid);
          const each = (mib: number) => `${(mib / editors.length).toFixed(1)} MiB`;
          const nodes = editors.map(({ nodesMs }) => nodesMs);
          table(`${editors.length} editors opened at once, besides one that is open, ${CLASSES} node classes`, [
            ['', 'measured', 'goal'],
            ['resident for each, open and quiet', each(after - before), '5.0 MiB'],
            ['resident for each, just opened', each(peak - before), ''],
            ['all of /object_info', `${(first.bytes / 1e6).toFixed(1)} MB`, ''],
            ['until an editor has it, median', ms(median(nodes)), ''],
            ['the slowest', ms(Math.max(...nodes)), ''],
            ['CPU for each', ms((cpu / editors.length) * 1000), ''],
            ['somebody else waits meanwhile, p99', ms(quantile(waits, 0.99)), '500 ms'],
          ]);
          for (const { socket } of [first, ...editors]) socket.terminate();
        }),
      );
    } finally {
      await fleet.stop();
    }
  });
