import { pino } from 'pino';
import { appErrorIn } from '#src/domain/errors.ts';
import { ConfigError, readProcessConfig } from '#src/env.ts';
import packageJson from '../../../package.json' with { type: 'json' };
import { openPages } from './pages.ts';
import { type Product, startProduct } from './product.ts';

const MAX_STOP_MS = 9000;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

function greet(product: Product, demo: boolean): void {
  say('');
  say(`  comfyume is ready: ${product.url}`);
  if (product.comfyuiUrl !== null) say(`  ComfyUI for everybody who is signed in: ${product.comfyuiUrl}`);
  if (demo) say('  The GPUs are simulated. See README.md for real ones.');
  if (product.firstOperator) {
    const { name, password } = product.firstOperator;
    say(`  Operator: ${name}`);
    if (password !== null) say(`  Password: ${password}   (shown only once; write it down)`);
  }
  say('  Press Ctrl-C to stop. All data is kept.');
  say('');
}

const isReadingFiles = (): boolean => process.getActiveResourcesInfo().some((resource) => resource.startsWith('FSReq'));

/** An exit waits for calls into the file system, and those into a share that hangs never return: then only a signal ends us. Everything is on disk by now. */
function end(code: number, patienceMs = 1000): void {
  if (!isReadingFiles()) process.exit(code);
  if (patienceMs <= 0) process.kill(process.pid, 'SIGKILL');
  setTimeout(() => end(code, patienceMs - 50), 50);
}

function whyNoStart(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  const known = appErrorIn(error);
  if (known?.code === 'storage_full')
    return 'comfyume cannot start: the disk of DATA_DIR or OUTPUTS_DIR is full. Free up about 100 MB there (the file "reserve" and the folder "thumbs" in DATA_DIR may be deleted), then start again. What was stored is safe.';
  if (known) return known.message;
  return `comfyume could not start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}

/** The process: config, start, and an orderly end. A second signal ends it at once. */
export async function main(
  { root, dev }: { root: string; dev: boolean },
  open = openPages,
  arrange?: Parameters<typeof startProduct>[4],
): Promise<void> {
  let stopping: number | null = null;
  let product: Product | null = null;
  try {
    const config = readProcessConfig();
    const log = pino({ level: config.logLevel, base: undefined }, pino.destination({ dest: 2, sync: true }));
    const pages = await open(root, dev);
    const started = await startProduct(
      config,
      log,
      {
        version: packageJson.version,
        prismaDir: `${root}/prisma`,
        extensionDir: `${root}/dist/extension`,
      },
      pages,
      arrange,
    );
    product = started;

    const stop = (code: number): void => {
      stopping = Date.now();
      const timer = setTimeout(() => {
        log.error(
          {},
          'could not shut down in time, exiting anyway. Nothing is lost: the next start continues from here.',
        );
        end(1);
      }, MAX_STOP_MS);
      started
        .stop()
        .then(() => pages.close())
        .finally(() => {
          clearTimeout(timer);
          end(code);
        });
    };
    const onSignal = (signal: NodeJS.Signals): void => {
      // npm passes a Ctrl-C on to us although the terminal has sent it already: what comes within a moment is the same wish.
      if (stopping !== null) {
        if (Date.now() - stopping > 1000) end(1);
        return;
      }
      say(`  ${signal === 'SIGINT' ? 'Stopping' : `Stopping (${signal})`} …`);
      stop(0);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
    // What it left half done nobody knows: the next start goes on from what is on disk.
    process.on('uncaughtException', (error) => {
      log.error({ err: error }, 'uncaught exception, shutting down');
      if (stopping === null) stop(1);
    });
    process.on('unhandledRejection', (error) => log.error({ err: error }, 'unhandled rejection'));
    greet(started, config.demo);
  } catch (error) {
    await product?.stop();
    process.stderr.write(`\n  ${whyNoStart(error)}\n\n`);
    end(1);
  }
}
