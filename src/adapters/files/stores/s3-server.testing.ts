import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import S3rver from '@20minutes/s3rver';
import type { BucketSettings } from './bucket.ts';

export const BUCKET = 'class-files';

/** An S3-compatible storage of its own, in a folder of its own. */
export async function startS3Server() {
  const directory = await mkdtemp(join(tmpdir(), 's3-server-'));
  const storage = (allowMismatchedSignatures: boolean) =>
    new S3rver({
      directory,
      allowMismatchedSignatures,
      silent: true,
      vhostBuckets: false,
      configureBuckets: [{ name: BUCKET }],
    });
  const strict = storage(false);
  await strict.configureBuckets();
  const answer = strict.getMiddleware();
  // It leaves out the slash behind the bucket's name when it works out a signature, so it would take every one of a list for a wrong one.
  const answerList = storage(true).getMiddleware();
  const requests: string[] = [];
  let isDown = false;
  let fault: (request: IncomingMessage) => 'cut' | 'hold' | null = () => null;
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${decodeURIComponent(request.url ?? '')}`);
    const meets = isDown ? 'cut' : fault(request);
    if (meets === 'cut') request.socket.destroy();
    else if (meets === 'hold') return;
    else if (request.url?.includes('list-type=2')) answerList(request, response);
    else answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the storage does not listen');
  const settings: BucketSettings = {
    endpoint: `http://127.0.0.1:${address.port}`,
    region: 'us-east-1',
    bucket: BUCKET,
    prefix: '',
    accessKeyId: 'S3RVER',
    secretAccessKey: 'S3RVER',
    pathStyle: true,
  };
  return {
    settings,
    /** All that was asked, as `GET /bucket/key`. */
    requests,
    /** Whether it cuts every connection. */
    setDown(down: boolean): void {
      isDown = down;
    },
    /** Cuts the connection of some requests, or never answers them. */
    setFault(next: typeof fault | null): void {
      fault = next ?? (() => null);
    },
    async stop(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export type S3Server = Awaited<ReturnType<typeof startS3Server>>;
