import { describe, expect, test } from 'vitest';
import { SHORT } from './plan.ts';
import { runChaos } from './run.ts';

describe('chaos', () => {
  test(
    'replicas, share, disk, network and our own process fail while jobs are submitted: nothing is lost',
    async () => {
      const outcome = await runChaos(1, SHORT, () => undefined);
      for (const line of outcome.leftOut) process.stdout.write(`  ${line}\n`);
      expect({ findings: outcome.findings, story: outcome.story }).toEqual({ findings: [], story: [] });
      expect(outcome.evidence.jobs).toHaveLength(SHORT.jobs);
      // It must have hurt, or it shows nothing.
      expect(outcome.evidence.jobs.some(({ attempts }) => attempts > 1)).toBe(true);
      expect(Object.fromEntries(outcome.done)['starts of the server']).toBe(String(1 + SHORT.faults['server killed']));
    },
    SHORT.maxMs + 90_000,
  );
});
