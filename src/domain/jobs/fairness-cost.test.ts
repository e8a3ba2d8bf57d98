import { Session } from 'node:inspector/promises';
import { afterAll, expect, test } from 'vitest';

// V8 counts only in what it compiles afterwards, so the import has to come second, and this file has to be alone with it.
const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
const { turns } = await import('./fairness.ts');
afterAll(() => session.disconnect());

/** What ran in fairness.ts since the last look. */
async function look() {
  const { result } = await session.post('Profiler.takePreciseCoverage');
  return result.filter(({ url }) => url.endsWith('/domain/jobs/fairness.ts')).flatMap((script) => script.functions);
}

test.each([
  ['everybody has two', (n: number) => `u${n % 5000}`],
  ['one has half of all', (n: number) => (n % 2 ? 'flood' : `u${n}`)],
  ['one has all', () => 'only'],
  ['twenty in a room', (n: number) => `u${n % 20}`],
])('10,000 waiting jobs cost steps in proportion, not squared: %s', async (_, userOf) => {
  const waiting = Array.from({ length: 10_000 }, (_, n) => ({
    jobId: `j${n}`,
    userId: userOf(n),
    priority: 0,
    queuedAt: (n * 7919) % 10_000,
    avoid: [],
  }));
  await look();
  expect(turns({ waiting, lastServed: new Map() }, 'fair')).toHaveLength(10_000);
  const ran = await look();
  expect(ran.find(({ functionName }) => functionName === 'turns')).toMatchObject({ isBlockCoverage: true });
  const steps = ran.flatMap(({ ranges }) => ranges).reduce((sum, { count }) => sum + count, 0);
  // Sorting takes about 14 comparisons a job, each of a few blocks.
  expect(steps).toBeGreaterThan(10_000);
  expect(steps).toBeLessThan(10_000 * 100);
});
