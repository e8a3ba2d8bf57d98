import { once } from 'node:events';
import { mkdir, open, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { json } from 'node:stream/consumers';
import { z } from 'zod';
import { pngPieces } from '#src/simulator/media/png.ts';
import { ImageBatch } from '#src/simulator/nodes/values.ts';
import { until } from '../testing/until.ts';

const deleted = z.object({ delete: z.array(z.string()) });
const body = z.object({
  prompt_id: z.string(),
  extra_data: z.object({ extra_pnginfo: z.object({ comfyume_job: z.string() }) }),
});

export type HandWork = {
  readonly attemptId: string;
  /** The attempt's folder on the share. */
  readonly folder: string;
  /** Writes one file below the folder; the first save node's files lie in `0`. */
  write(path: string, bytes: Uint8Array): Promise<void>;
  start(): Promise<void>;
  finish(): Promise<void>;
};

/** A small whole picture that carries a job's id. */
export async function pictureOf(jobId: string): Promise<Buffer> {
  const pixels = Uint8Array.from({ length: 24 * 24 * 3 }, (_, index) => (index * 7919) % 256);
  const pieces: Buffer[] = [];
  const text = [{ key: 'comfyume_job', text: JSON.stringify(jobId) }];
  for await (const piece of pngPieces(new ImageBatch(24, 24, 3, [pixels]), pixels, text, 1)) pieces.push(piece);
  return Buffer.concat(pieces);
}

const IEND_BYTES = 12;

/** The same with a part of so many bytes that no program needs, written to `file` as a whole. */
export async function writeHugePicture(file: string, jobId: string, bytes: number): Promise<void> {
  const picture = await pictureOf(jobId);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(bytes, 0);
  head.write('fiLl', 4, 'latin1');
  const end = picture.length - IEND_BYTES;
  await mkdir(dirname(file), { recursive: true });
  const handle = await open(file, 'w');
  await handle.write(Buffer.concat([picture.subarray(0, end), head]), 0);
  // Zeros that take no room on the share, and a sum that nobody checks.
  await handle.write(Buffer.concat([Buffer.alloc(4), picture.subarray(end)]), 0, null, end + head.length + bytes);
  await handle.close();
}

type Said = {
  readonly status: number;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** So many prompts get it; left out = all. */
  readonly times?: number;
};

/** An endpoint that takes every prompt, or says to each what it is told to say, and leaves the writing to the test. */
export async function handWorker(outputs: string) {
  const prompts = new Map<string, string>();
  /** Sent once more because the first did not seem to start: it waits behind it until it is withdrawn. */
  const duplicates = new Set<string>();
  const taken: string[] = [];
  const ended = new Set<string>();
  let says: Said | null = null;
  let left = 0;
  const stops: string[] = [];
  const server = createServer((request, response) => {
    const answer = (value: unknown) => response.end(JSON.stringify(value));
    if (request.method === 'GET') {
      const running = [...prompts.values()].filter((id) => !ended.has(id)).map((id) => [0, id, {}, {}, []]);
      const histories = [...ended].map((id) => [
        id,
        { status: { status_str: 'success', completed: true, messages: [] } },
      ]);
      return answer(
        request.url === '/queue'
          ? { queue_running: running, queue_pending: [...duplicates].map((id) => [1, id, {}, {}, []]) }
          : Object.fromEntries(histories),
      );
    }
    if (request.url !== '/prompt') {
      stops.push(request.url ?? '');
      json(request)
        .then((sent) => {
          for (const id of deleted.safeParse(sent).data?.delete ?? []) duplicates.delete(id);
          answer({});
        })
        .catch(() => answer({}));
      return undefined;
    }
    if (says !== null && left > 0) {
      left -= 1;
      return response.writeHead(says.status, says.headers).end(says.text);
    }
    json(request)
      .then((sent) => {
        const { prompt_id, extra_data } = body.parse(sent);
        const job = extra_data.extra_pnginfo.comfyume_job;
        const first = prompts.get(job);
        if (first !== undefined && !ended.has(first)) duplicates.add(prompt_id);
        else prompts.set(job, prompt_id);
        taken.push(prompt_id);
        answer({ prompt_id, number: 1, node_errors: {} });
      })
      .catch(() => response.destroy());
    return undefined;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.number() }).parse(server.address());
  const dot = await pictureOf('');

  return {
    url: `http://127.0.0.1:${port}`,
    /** From now on every prompt gets this answer; null = it is taken. */
    say(answer: Said | null): void {
      says = answer;
      left = answer?.times ?? Number.POSITIVE_INFINITY;
    },
    /** By which paths it was told to stop something. */
    stops: (): readonly string[] => stops,
    /** The ids of all prompts that it has ever taken. */
    taken: (): readonly string[] => taken,
    /** From now on it says that the job's prompt ran to its end. */
    end: (jobId: string) => void ended.add(prompts.get(jobId) ?? ''),
    /** From now on it knows nothing of the job's prompt. */
    lose: (jobId: string) => void prompts.delete(jobId),
    /** Waits for the job's prompt. */
    async take(jobId: string): Promise<HandWork> {
      const attemptId = await until(`the prompt of job ${jobId}`, () => prompts.get(jobId));
      const folder = join(outputs, 'comfyume', attemptId);
      const write = async (path: string, bytes: Uint8Array) => {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await writeFile(join(folder, path), bytes);
      };
      return {
        attemptId,
        folder,
        write,
        start: () => write('_started_00001_.png', dot),
        async finish() {
          await write('_finished0_00001_.png', dot);
          // A run that went on would be waited for.
          ended.add(attemptId);
        },
      };
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
