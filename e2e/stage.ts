import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '#src/server/integration/testing/free-port.ts';
import type { FleetControl } from '#src/simulator/fleet-control.ts';
import { type SignedIn, signIn } from './api.ts';
import { startFleet } from './fleet.ts';
import { type Product, startProduct } from './product.ts';

export const OPERATOR = { name: 'teacher', passphrase: 'a-long-teacher-word' };

export type Person = { readonly id: string; readonly name: string; readonly passphrase: string };

/** The product with a fleet of simulated GPUs of its own, in a folder of its own. */
export type Stage = {
  readonly url: string;
  readonly fleet: FleetControl;
  readonly operator: SignedIn;
  /** Where the simulated GPUs write. */
  readonly outputs: string;
  /** New participants; a number is put behind each name, so that no two tests share one. */
  people(...names: string[]): Promise<Person[]>;
  /** Ends the product without warning and starts it again at the same address. */
  crash(): Promise<void>;
  close(): Promise<void>;
};

type StageOptions = {
  pace?: number;
  previews?: boolean;
  replicas?: number;
  /** The page that the product serves as ComfyUI's front end. */
  editor?: string;
};

export async function openStage({
  pace = 0.05,
  previews = false,
  replicas = 3,
  editor,
}: StageOptions = {}): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'comfyume-e2e-'));
  const sfs = join(folder, 'sfs');
  const [outputs, inputs] = [join(sfs, 'outputs'), join(sfs, 'inputs')];
  for (const path of [outputs, inputs]) await mkdir(path, { recursive: true });
  // Without the page nothing is known of the nodes, so that what is wrong with a workflow is for the workers to say.
  const page = editor !== undefined;
  const fleet = await startFleet({ outputs, inputs, pace, previews, replicas, page, coldStartMs: 500 });
  const endpoint = { name: 'Room 1', url: fleet.url, gpu: 'H200', pricing: 'spot', capacity: replicas };
  const frontEnd = join(folder, 'front-end');
  if (editor !== undefined) {
    await mkdir(frontEnd);
    await writeFile(join(frontEnd, 'index.html'), editor);
  }
  const variables = {
    ...(editor !== undefined && { COMFYUI_FRONTEND: frontEnd }),
    DATA_DIR: join(folder, 'data'),
    SFS_DIR: sfs,
    ENDPOINTS: JSON.stringify([endpoint]),
    ADMIN_NAME: OPERATOR.name,
    ADMIN_PASSWORD: OPERATOR.passphrase,
    // It is started again at the same one.
    PORT: String(await freePort()),
  };
  let product: Product = await startProduct(variables);
  const { url } = product;
  const operator = await signIn(url, OPERATOR.name, OPERATOR.passphrase);
  let made = 0;
  return {
    url,
    fleet: fleet.control,
    operator,
    outputs,
    people: (...names) =>
      operator.api.admin.participants.create.mutate({ names: names.map((name) => `${name} ${++made}`) }),
    crash: async () => {
      await product.stop('SIGKILL');
      product = await startProduct(variables);
    },
    close: async () => {
      await product.stop();
      await fleet.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
