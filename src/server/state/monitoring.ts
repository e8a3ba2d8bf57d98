import { shared } from '#src/domain/one-at-a-time.ts';
import type { Monitoring, Tool, ToolState } from '#src/ports/health.ts';
import type { Clock } from '#src/ports/random.ts';

const PATIENCE_MS = 2000;
const FRESH_MS = 10_000;

/** What is wrong with it, in words; null = it answers. An answer that leads elsewhere is not followed. */
async function problemOf({ check }: Tool, signal: AbortSignal): Promise<string | null> {
  try {
    const response = await fetch(check, { redirect: 'manual', signal });
    await response.body?.cancel();
    return response.ok ? null : `It responded with ${response.status}.`;
  } catch {
    return signal.aborted ? `No response within ${PATIENCE_MS / 1000} s.` : 'No connection.';
  }
}

/** Asks only when somebody looks. */
export function createMonitoring(
  tools: readonly Tool[],
  clock: Clock,
  boundedCalls: (tool: Tool) => AbortSignal = () => AbortSignal.timeout(PATIENCE_MS),
): Monitoring {
  let seen: readonly ToolState[] = [];
  let seenAt = Number.NEGATIVE_INFINITY;
  const check = shared(async () => {
    const problems = await Promise.all(tools.map((tool) => problemOf(tool, boundedCalls(tool))));
    seenAt = clock.now();
    seen = tools.map(({ name, url }, index) => {
      const words = problems[index] ?? null;
      return { name, url, problem: words === null ? null : { words, since: seen[index]?.problem?.since ?? seenAt } };
    });
    return seen;
  });
  return {
    list: async () => (clock.now() - seenAt < FRESH_MS ? seen : check()),
  };
}
