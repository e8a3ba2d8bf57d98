import type { WebSocket } from 'ws';
import { z } from 'zod';
import type { Listener, Message } from '#src/domain/comfyui-messages/tell.ts';
import type { Memory } from '#src/domain/comfyui-messages/tell-all.ts';
import type { LivePreviews } from '#src/ports/live-runs.ts';
import type { Clock } from '#src/ports/random.ts';
import { pictureFrame, previewFrame } from './frames.ts';

/** Whoever says nothing for so long is no page: that says what it can at once. */
const SETTLED_MS = 250;
const PING_MS = 20_000;

const flags = z.object({
  type: z.literal('feature_flags'),
  data: z.object({ supports_preview_metadata: z.boolean().catch(false) }).catch({ supports_preview_metadata: false }),
});
const OUR_FLAGS = { supports_preview_metadata: true, max_upload_size: 2 ** 31 };

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

type Deps = { livePreviews: Pick<LivePreviews, 'watch'>; onPreviewFault: (error: unknown) => void; clock: Clock };

/** One open socket: who listens, and what it was told. `onSettled`: it is known who listens. */
export function createSocket(
  ws: WebSocket,
  { userId, clientId }: { userId: string; clientId: string },
  { livePreviews, onPreviewFault, clock }: Deps,
  onSettled: () => void,
) {
  let listener: Listener | null = null;
  let withMetadata = false;
  const looks = new Map<string, AbortController>();
  const openedAt = clock.now();
  let sentAt = openedAt;
  const send = (name: string, data: object): void => {
    sentAt = clock.now();
    ws.send(JSON.stringify({ type: name, data }));
  };

  function settle(as: Listener): void {
    clearTimeout(settling);
    listener = as;
    onSettled();
  }
  const settling = setTimeout(() => settle('program'), SETTLED_MS);

  ws.on('message', (data, isBinary) => {
    const known = isBinary ? undefined : flags.safeParse(jsonOf(data.toString())).data;
    if (!known) return;
    withMetadata = known.data.supports_preview_metadata;
    send('feature_flags', OUR_FLAGS);
    settle('page');
  });

  // A connection that is gone without a word is found out, so that who comes back is told.
  let isThere = true;
  ws.on('pong', () => {
    isThere = true;
  });
  const pinging = setInterval(() => {
    if (!isThere) return ws.terminate();
    isThere = false;
    ws.ping();
  }, PING_MS);
  ws.once('close', () => {
    clearTimeout(settling);
    clearInterval(pinging);
    for (const look of looks.values()) look.abort();
  });

  async function watch(jobId: string, promptId: string, signal: AbortSignal): Promise<void> {
    const viewer = { userId, unreadBytes: () => ws.bufferedAmount };
    for await (const preview of livePreviews.watch(viewer, jobId, signal))
      ws.send(previewFrame(promptId, preview, withMetadata));
  }

  return {
    clientId,
    openedAt,
    silentMs: () => clock.now() - sentAt,
    listener: () => listener,
    memory: new Map() as Memory,
    /** What of the queue it knows. */
    queue: '',
    status: (remaining: number, sid?: string): void =>
      send('status', { status: { exec_info: { queue_remaining: remaining } }, ...(sid !== undefined && { sid }) }),
    /** `pictureOf`: the bytes of a result; null when they are gone. */
    async tell(
      messages: readonly Message[],
      remaining: number,
      pictureOf: (resultId: string) => Promise<{ mime: string; bytes: Uint8Array } | null>,
    ): Promise<void> {
      for (const message of messages) {
        if (message.type === 'json') send(message.name, message.data);
        else if (message.type === 'status') this.status(remaining);
        else {
          const picture = await pictureOf(message.resultId);
          if (picture) ws.send(pictureFrame(picture.mime, picture.bytes));
        }
      }
    },
    /** Shows the previews of these jobs, by job the id of its prompt, and of no others. */
    look(wanted: ReadonlyMap<string, string>): void {
      for (const [jobId, look] of looks) {
        if (wanted.has(jobId)) continue;
        look.abort();
        looks.delete(jobId);
      }
      for (const [jobId, promptId] of wanted) {
        if (looks.has(jobId)) continue;
        const look = new AbortController();
        looks.set(jobId, look);
        watch(jobId, promptId, look.signal).catch(onPreviewFault);
      }
    },
  };
}
export type Socket = ReturnType<typeof createSocket>;
