import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { dropDatabase, newDatabaseUrl } from '#src/adapters/db/new-database.testing.ts';
import type { FleetControl } from '#src/simulator/fleet-control.ts';
import { startFleet } from '#src/simulator/start-fleet.ts';
import { freePort } from './free-port.ts';
import { type Folders, newFolders, OPERATOR } from './product-under-test.ts';
import { startServer } from './server-process.ts';

export type KillableProduct = {
  /** The same after each start. */
  readonly url: string;
  readonly fleet: FleetControl;
  readonly folders: Folders;
  /** Without warning, and starts it again on what it has stored. Gives what it had said until then. */
  killAndStart(): Promise<string>;
  /** Gives what it had said since its last start. */
  stop(): Promise<string>;
};

/** The server in a process of its own, with one simulated replica. */
export async function killableProduct(variables: Readonly<Record<string, string>> = {}): Promise<KillableProduct> {
  const folders = await newFolders();
  const [outputs, inputs] = [join(folders.sfs, 'outputs'), join(folders.sfs, 'inputs')];
  for (const path of [outputs, inputs]) await mkdir(path, { recursive: true });
  const fleet = await startFleet({ outputs, inputs, pace: 0, replicas: 1, minReplicas: 1 });
  const port = await freePort();
  const databaseUrl = await newDatabaseUrl(folders.data);
  const start = () =>
    startServer({
      PORT: String(port),
      DATA_DIR: folders.data,
      DATABASE_URL: databaseUrl,
      SFS_DIR: folders.sfs,
      OUTPUTS_DIR: folders.outputs,
      ADMIN_NAME: OPERATOR.name,
      ADMIN_PASSWORD: OPERATOR.password,
      SFS_POLL_MS: '100',
      ENDPOINTS: JSON.stringify([{ name: 'GPUs', url: fleet.url, capacity: 5 }]),
      ...variables,
    });
  let server = await start();
  const kill = async (): Promise<string> => {
    const { stdout, stderr } = await server.end('SIGKILL');
    return stdout + stderr;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    fleet: fleet.control,
    folders,
    async killAndStart() {
      const said = await kill();
      server = await start();
      return said;
    },
    async stop() {
      const said = await kill();
      await fleet.stop();
      await dropDatabase(databaseUrl);
      await rm(folders.root, { recursive: true, force: true });
      return said;
    },
  };
}
