import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apiJob } from '#src/domain/api-v2/schemas.ts';
import { type ApiV2Program, apiV2Program } from '../testing/api-v2-program.ts';
import { picture } from '../testing/graphs.ts';
import { type ProductUnderTest, productUnderTest } from '../testing/product-under-test.ts';

const ROOT = join(import.meta.dirname, '../../../..');
const run = promisify(execFile);

let product: ProductUnderTest;
let program: ApiV2Program;
/** Below the project, so that the example finds its package. */
let folder: string;
let page: string;

beforeAll(async () => {
  page = await readFile(join(ROOT, 'docs/api.md'), 'utf8');
  product = await productUnderTest();
  program = await apiV2Program(product, await product.participant('Ada'));
  folder = await mkdtemp(join(ROOT, 'node_modules/.cache/comfyume-examples-'));
  await writeFile(join(folder, 'workflow.json'), JSON.stringify(picture()));
});
afterAll(async () => {
  await product?.stop();
  await rm(folder, { recursive: true, force: true });
});

const exampleIn = (language: string): string =>
  new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, 'm').exec(page)?.[1] ?? '';

async function tryOut(command: string, file: string, language: string): Promise<string> {
  await writeFile(join(folder, file), exampleIn(language));
  const env: NodeJS.ProcessEnv = {
    NODE_ENV: 'test',
    PATH: process.env.PATH,
    COMFY_BASE_URL: product.url,
    COMFY_API_KEY: program.token,
  };
  return (await run(command, [file], { cwd: folder, env })).stdout;
}

const isMissing = (command: string): boolean => spawnSync(command, ['--version']).error !== undefined;

describe.each([
  ['TypeScript', process.execPath, 'example.mjs', 'ts'],
  ['Python', 'python3', 'example.py', 'python'],
])('the example in %s', (_, command, file, language) => {
  test.skipIf(isMissing(command))('sends a job and has its file', async () => {
    const [, name = ''] = /^succeeded: (.+)\n$/.exec(await tryOut(command, file, language)) ?? [];
    expect((await readFile(join(folder, name))).subarray(1, 4).toString()).toBe('PNG');
  });
});

test.skipIf(isMissing('curl'))('the example for a shell sends a job and reads how it ended', async () => {
  expect(apiJob.parse(JSON.parse(await tryOut('/bin/sh', 'example.sh', 'sh')))).toMatchObject({ status: 'succeeded' });
});
