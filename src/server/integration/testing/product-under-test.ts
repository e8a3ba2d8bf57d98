import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dropDatabase, newDatabaseUrl, PRISMA } from '#src/adapters/db/new-database.testing.ts';
import { type Config, readConfig } from '#src/env.ts';
import type { Log } from '#src/ports/log.ts';
import type { Deps } from '#src/server/process/deps.ts';
import { type Product, startProduct } from '#src/server/process/product.ts';
import type { FleetOptionsInput } from '#src/simulator/options.ts';
import { type RunningFleet, startFleet } from '#src/simulator/start-fleet.ts';
import { freePort } from './free-port.ts';
import { noPages } from './no-pages.ts';
import { type Visitor, visitor } from './visitor.ts';
import { withoutCaptures } from './without-captures.ts';

export const OPERATOR = { name: 'Teacher', password: 'chalk and blackboard' } as const;

export type Logged = {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly facts: object;
  readonly message: string;
};

export type Folders = { readonly root: string; readonly data: string; readonly sfs: string; readonly outputs: string };
export async function newFolders(): Promise<Folders> {
  const root = await mkdtemp(join(tmpdir(), 'comfyume-product-'));
  return { root, data: join(root, 'data'), sfs: join(root, 'sfs'), outputs: join(root, 'outputs') };
}

export type TestPerson = Visitor & { readonly id: string; readonly name: string; readonly passphrase: string };

export async function signIn(who: Visitor, credentials: { name: string; password: string }): Promise<void> {
  await who.api.session.login.mutate(credentials);
}

type Options = {
  /** How the simulated GPUs are; null = there are none. Three warm replicas that need no time, unless told otherwise. */
  fleet?: Partial<FleetOptionsInput> | null;
  config?: Partial<Config>;
  /** ComfyUI's page is read from the simulated GPUs while jobs run, as in `npm start`; else nothing but jobs reaches them. */
  captures?: boolean;
  /** Puts something else in the place of what the product stands on. */
  arrange?: (deps: Deps) => Deps;
};

/** The real product on a port of its own, with folders of its own and simulated GPUs, and all that a test wants to do with it. */
export async function productUnderTest({
  fleet: fleetOptions = {},
  config: more = {},
  captures = false,
  arrange = (deps) => deps,
}: Options = {}) {
  const folders = await newFolders();
  const log: Logged[] = [];
  const logAt = (level: Logged['level']) => (facts: object, message: string) =>
    void log.push({ level, facts, message });
  const captured: Log = { debug: logAt('debug'), info: logAt('info'), warn: logAt('warn'), error: logAt('error') };

  for (const name of ['outputs', 'inputs']) await mkdir(join(folders.sfs, name), { recursive: true });
  let fleet: RunningFleet | null = null;
  const replicas = fleetOptions?.replicas ?? 3;
  if (fleetOptions !== null)
    fleet = await startFleet({
      outputs: join(folders.sfs, 'outputs'),
      inputs: join(folders.sfs, 'inputs'),
      pace: 0,
      replicas,
      minReplicas: replicas,
      ...fleetOptions,
    });
  const config: Config = {
    ...readConfig({
      PORT: String(await freePort()),
      HOST: '127.0.0.1',
      DATA_DIR: folders.data,
      SFS_DIR: folders.sfs,
      OUTPUTS_DIR: folders.outputs,
      DEMO: 'off',
      ADMIN_NAME: OPERATOR.name,
      ADMIN_PASSWORD: OPERATOR.password,
      SFS_POLL_MS: '200',
    }),
    databaseUrl: await newDatabaseUrl(folders.data),
    // The next one may be another test's.
    comfyuiPort: null,
    endpoints:
      fleet === null
        ? []
        : [
            {
              name: 'GPUs',
              url: fleet.url,
              gpu: 'simulated',
              pricing: 'on-demand',
              capacity: replicas,
              apiKeyVariable: null,
            },
          ],
    ...more,
  };
  const start = (changes: Partial<Config> = {}): Promise<Product> =>
    startProduct(
      { ...config, ...changes },
      captured,
      { version: 'test', prismaDir: PRISMA, extensionDir: join(folders.root, 'extension') },
      noPages,
      (deps) => (captures ? arrange(deps) : withoutCaptures(arrange(deps))),
    );

  let product: Product;
  try {
    product = await start();
  } catch (error) {
    await fleet?.stop();
    throw error;
  }
  const { port, comfyuiPort } = product;
  const url = `http://127.0.0.1:${port}`;
  const newVisitor = (headers?: Record<string, string>): Visitor => visitor(url, headers);
  const operator = newVisitor();
  await signIn(operator, OPERATOR);

  /** Makes participants and signs each of them in. */
  async function participants(names: readonly string[]): Promise<TestPerson[]> {
    const made = await operator.api.admin.participants.create.mutate({ names: [...names] });
    return Promise.all(
      made.map(async ({ id, name, passphrase }) => {
        const who = newVisitor();
        await signIn(who, { name, password: passphrase });
        return { ...who, id, name, passphrase };
      }),
    );
  }

  return {
    url,
    /** Where ComfyUI is, with `comfyuiPort: 0` in the configuration. */
    comfyuiUrl: `http://127.0.0.1:${comfyuiPort}`,
    config,
    folders,
    log,
    operator,
    /** Faults that nobody expected; what the check at the start finds is none. */
    wentWrong: (): Logged[] => log.filter(({ level, facts }) => level === 'error' && !('what' in facts)),
    visitor: newVisitor,
    fleet(): RunningFleet {
      if (!fleet) throw new Error('This product has no GPUs.');
      return fleet;
    },

    participants,
    participant: async (name: string): Promise<TestPerson> => (await participants([name]))[0]!,

    /** The names of all files of a participant, sorted. */
    async filesOf({ name }: { name: string }): Promise<string[]> {
      const entries = await readdir(join(folders.outputs, name), { recursive: true, withFileTypes: true }).catch(
        () => [],
      );
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) => entry.name)
        .sort();
    },

    /** Stops the product; GPUs and folders stay. */
    pause: () => product.stop(),
    /** Starts it again after `pause`, on the same port and folders. */
    async resume(changes: Partial<Config> = {}): Promise<void> {
      product = await start(changes);
    },

    async stop(): Promise<void> {
      await product.stop();
      await fleet?.stop();
      await dropDatabase(config.databaseUrl);
      await rm(folders.root, { recursive: true, force: true });
    },
  };
}
export type ProductUnderTest = Awaited<ReturnType<typeof productUnderTest>>;
