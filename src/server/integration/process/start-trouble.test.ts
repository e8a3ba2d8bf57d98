import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDatabase } from '#src/adapters/db/connection.ts';
import { mountDisk, WHY_NO_MOUNT } from '../faults/mounts.testing.ts';
import { OPERATOR, productUnderTest } from '../testing/product-under-test.ts';
import { refusedStart, startServer } from '../testing/server-process.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'comfyume-start-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));
const variables = () => ({
  PORT: '0',
  DATA_DIR: join(root, 'data'),
  DEMO: 'off',
  ADMIN_NAME: OPERATOR.name,
  ADMIN_PASSWORD: OPERATOR.password,
});
/** One sentence or two, and no stack. */
const sentence = (stderr: string): string => {
  expect(stderr.trim().split('\n')).toHaveLength(1);
  return stderr.trim();
};

describe('a start that meets trouble says what it is and what to do', () => {
  test.skipIf(WHY_NO_MOUNT !== null).each(['at its first start', 'later'])('a full disk, %s', async (when) => {
    const disk = await mountDisk(variables().DATA_DIR);
    try {
      if (when === 'later') await (await startServer(variables())).end('SIGTERM');
      await disk.fill();
      const { code, stderr } = await refusedStart(variables());
      expect(code).toBe(1);
      expect(sentence(stderr)).toMatch(
        /^comfyume cannot start: the disk of DATA_DIR or OUTPUTS_DIR is full\. Free up about/,
      );
    } finally {
      disk.unmount();
    }
  });

  test('a damaged database', async () => {
    await (await startServer(variables())).end('SIGTERM');
    const file = join(variables().DATA_DIR, 'comfyume.db');
    const spoiled = await readFile(file);
    spoiled.fill(0xff, 100, 4000);
    await writeFile(file, spoiled);
    const { code, stderr } = await refusedStart(variables());
    expect(code).toBe(1);
    expect(sentence(stderr)).toBe(
      `The database ${file} is damaged. Stop comfyume, move that file away, and restore the newest backup (npm run restore, docs/backup.md).`,
    );
  });

  test('a clock in the past: told in the log and under Events, and the class goes on', async () => {
    const product = await productUnderTest({ fleet: null });
    await product.pause();
    const db = await openDatabase(product.config.databaseUrl);
    await db.auditEvent.updateMany({ data: { at: new Date(Date.now() + 2 * 86_400_000) } });
    await db.close();
    product.log.splice(0);
    await product.resume();
    const told = product.log.find(({ message }) => message.startsWith('The clock of this machine says'));
    expect(told).toMatchObject({ level: 'error', message: expect.stringContaining('Set the clock (') });
    const { items } = await product.operator.api.admin.events.list.query({ words: 'trouble.began' });
    expect(items[0]?.detail).toMatchObject({ sentence: told?.message });
    await product.stop();
  });
});
