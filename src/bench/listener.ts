import { WebSocket } from 'ws';
import { z } from 'zod';
import type { Student } from './class.ts';
import type { BenchProduct } from './product.ts';

const notice = z.object({ type: z.string(), jobId: z.string().nullish() });
const message = z.object({
  error: z.object({ message: z.string() }).optional(),
  result: z.object({ type: z.string(), data: z.object({ data: notice }).optional() }).optional(),
});

/** A participant's socket, subscribed to their events; `hear` gets every one with the moment it came. */
export async function listen(
  product: BenchProduct,
  { token }: Student,
  hear: (type: string, jobId: string, at: number) => void,
): Promise<() => void> {
  const socket = new WebSocket(`${product.url.replace('http', 'ws')}/api/trpc`, {
    headers: { authorization: `Bearer ${token}` },
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.once('open', () =>
      socket.send(JSON.stringify({ id: 1, method: 'subscription', params: { path: 'jobs.onEvent', input: {} } })),
    );
    socket.on('message', (data) => {
      const at = performance.now();
      if (String(data) === 'PING') return socket.send('PONG');
      const { error, result } = message.parse(JSON.parse(String(data)));
      if (error) return reject(new Error(error.message));
      const event = result?.data?.data;
      if (event?.type === 'feed.ready') resolve();
      else if (event?.jobId) hear(event.type, event.jobId, at);
    });
  });
  return () => socket.terminate();
}
