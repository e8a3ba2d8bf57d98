import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** Tests have them built; `npm run dev`, `bench` and `chaos` start them from their source. */
const SCRIPT = `
  import { startFleet } from '#src/simulator/start-fleet.ts';
  import { createPictureProcesses } from '#src/adapters/files/media/picture-processes.ts';
  import { createJsonThreads } from '#src/server/http/json-threads.ts';
  const [folder] = process.argv.slice(-1);
  const fleet = await startFleet({ outputs: folder, inputs: folder, replicas: 1, minReplicas: 1 });
  const { replicas } = await fleet.control.state();
  await fleet.stop();
  const measured = await createPictureProcesses().make({ type: 'measure', file: 'public/workflows/film.webp' });
  const threads = createJsonThreads();
  const parsed = await threads.parse(new TextEncoder().encode('{"a":1}'));
  await threads.close();
  console.log(JSON.stringify({ replicas: replicas.map(({ phase }) => phase), measured, parsed }));
  process.exit();
`;

test('the programs that we start', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'comfyume-source-'));
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '-e', SCRIPT, folder],
    { cwd: new URL('../../..', import.meta.url) },
  );
  expect(JSON.parse(stdout)).toMatchObject({
    replicas: ['ready'],
    measured: { width: 384, height: 216 },
    parsed: { a: 1 },
  });
  await rm(folder, { recursive: true, force: true });
});
