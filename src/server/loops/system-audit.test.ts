import { expect, test } from 'vitest';
import { createSystemAudit } from './system-audit.ts';

test('a trouble is logged when it begins and when it is over, not at each look', async () => {
  const written: string[] = [];
  let faults: string[] = [];
  const auditLog = {
    write: async ({ type, detail }: { type: string; detail: object }) => {
      written.push(`${type} ${Object.values(detail).join()}`);
    },
  };
  const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  const { check } = createSystemAudit({ auditLog, faults: async () => faults, clock: { now: () => 0 }, log }, '1');
  await check();
  faults = ['Nothing can be stored. (2 MB are left)'];
  await check();
  faults = ['Nothing can be stored. (1 MB is left)', 'The share cannot be read. (EIO)'];
  await check();
  faults = [];
  await check();
  await check();
  expect(written).toEqual([
    'trouble.began Nothing can be stored. (2 MB are left)',
    'trouble.began The share cannot be read. (EIO)',
    'trouble.ended Nothing can be stored.',
    'trouble.ended The share cannot be read.',
  ]);
});
