import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type ProductUnderTest, productUnderTest } from '#src/server/integration/testing/product-under-test.ts';

const run = promisify(execFile);
const SCRIPT = join(import.meta.dirname, 'from-htpasswd.mjs');
const failed = z.object({ code: z.number(), stderr: z.string(), stdout: z.string() });

describe('moving over from an .htpasswd file', () => {
  let product: ProductUnderTest;
  let token: string;
  beforeAll(async () => {
    product = await productUnderTest({ fleet: null });
    ({ token } = await product.operator.api.session.createToken.mutate({ name: 'Moving' }));
  });
  afterAll(() => product.stop());

  async function move(text: string, env: Record<string, string> = {}) {
    const file = join(product.folders.root, 'htpasswd');
    await writeFile(file, text);
    return run(process.execPath, [SCRIPT, file], {
      env: { NODE_ENV: 'test', COMFYUME_URL: product.url, COMFYUME_TOKEN: token, ...env },
    });
  }

  test('everybody gets a passphrase that opens the door; a second time nobody is made twice', async () => {
    await product.participant('ada');
    const { stdout, stderr } = await move('# the old class\nAda:$apr1$x$y\nben:{SHA}z=\n\nzoë:abc\n');
    const [head, ...lines] = stdout.trim().split('\n');
    expect(head).toBe('name,passphrase');
    expect(lines.map((line) => line.split(',')[0])).toEqual(['ben', 'zoë']);
    expect(stderr).toBe('2 made, 1 there already.\n');
    const [name = '', password = ''] = lines[1]?.split(',') ?? [];
    const { user } = await product.visitor().api.session.login.mutate({ name, password });
    expect(user).toMatchObject({ name: 'zoë', role: 'participant' });
    expect((await move('ben:x\nzoë:y\n')).stdout).toBe('name,passphrase\n');
  });

  test.each([
    ['a file of another kind', 'just words\n', {}, 'line 1: there is no "name:password"'],
    ['a wrong token', 'carl:x\n', { COMFYUME_TOKEN: 'nothing' }, 'admin.participants.list: '],
    ['no token', 'carl:x\n', { COMFYUME_TOKEN: '' }, 'COMFYUME_TOKEN'],
    ['nobody there', 'carl:x\n', { COMFYUME_URL: 'http://127.0.0.1:9' }, 'gives no answer'],
  ])('%s is told in words, and nobody is made', async (_, text, env, sentence) => {
    const { code, stderr } = failed.parse(await move(text, env).catch((error: unknown) => error));
    expect([code, stderr.includes(sentence)]).toEqual([1, true]);
    const names = (await product.operator.api.admin.participants.list.query()).map(({ name }) => name);
    expect(names).not.toContain('carl');
  });
});
