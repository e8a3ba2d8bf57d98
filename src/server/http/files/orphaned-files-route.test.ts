import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createBoundedCalls } from '#src/adapters/files/share/bounded-share.ts';
import { createOrphanedFilesRoute } from './orphaned-files-route.ts';

test('while the share does not answer, an orphaned file is not waited for', async () => {
  const sfsDir = await mkdtemp(join(tmpdir(), 'comfyume-strays-'));
  const boundedCalls = createBoundedCalls({ timeoutMs: 1, maxStuck: 1 });
  await expect(boundedCalls('hanging', () => new Promise(() => undefined))).rejects.toThrow('did not respond');
  const show = createOrphanedFilesRoute({ sfsDir, boundedCalls, log: pino({ enabled: false }) });
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://here');
    void show(request, response, url, { userId: 'op', name: 'Teacher', role: 'operator' });
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : null;
  const response = await fetch(`http://localhost:${port}/strays/comfyume/x/y.png`);
  expect([response.status, await response.text()]).toEqual([503, expect.stringContaining('does not respond')]);
  server.close();
  await rm(sfsDir, { recursive: true });
});
