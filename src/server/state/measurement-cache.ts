import { LRUCache } from 'lru-cache';
import { MIN_SAMPLES } from '#src/domain/jobs/estimate.ts';
import type { Bus } from '#src/ports/events.ts';
import type { Clock } from '#src/ports/random.ts';
import type { Measured, Measurements } from '#src/ports/statistics.ts';

const RECENT = 300;
const LIKE = 30;
const MAX_LISTS = 1000;
const FRESH_MS = 1000;
/** After a pause this long everything is read anew: what has ended meanwhile could be anything. */
const FORGET_MS = 10 * 60_000;

type List = { readonly most: number; samples: Promise<readonly Measured[]> };

const keyOf = (endpointId: string, fingerprint: string): string => `${endpointId} ${fingerprint}`;

/**
 * What was measured at each endpoint, and there for each fingerprint. A screen full of jobs asks the database nothing as long as nothing has ended; what has
 * ended since is read once for all, at most once a second.
 */
export function createMeasuredMemory(deps: { measurements: Measurements; bus: Bus; clock: Clock }) {
  const { measurements, clock } = deps;
  const lists = new LRUCache<string, List>({ max: MAX_LISTS });
  let since = clock.now();
  let readAt = clock.now();
  let isStale = false;
  deps.bus.listen(({ type }) => {
    if (type === 'job.moved') isStale = true;
  });

  function kept(key: string, most: number, read: () => Promise<readonly Measured[]>): Promise<readonly Measured[]> {
    const known = lists.get(key);
    if (known) return known.samples;
    const list = { most, samples: read() };
    lists.set(key, list);
    list.samples.catch(() => lists.delete(key));
    return list.samples;
  }

  const add = (key: string, sample: Measured): void => {
    const list = lists.get(key);
    if (!list) return;
    // It may have been read already: the list can be younger than the news.
    list.samples = list.samples.then((known) =>
      [sample, ...known.filter(({ id }) => id !== sample.id)].slice(0, list.most),
    );
  };

  return {
    async refresh(): Promise<void> {
      const now = clock.now();
      const pause = Math.abs(now - readAt);
      if (!isStale || pause < FRESH_MS) return;
      isStale = false;
      readAt = now;
      if (pause >= FORGET_MS || lists.size === 0) {
        lists.clear();
        since = now;
        return;
      }
      for (const sample of await measurements.ended(since)) {
        since = Math.max(since, sample.endedAt ?? 0);
        add(sample.endpointId, sample);
        if (sample.fingerprint !== null) add(keyOf(sample.endpointId, sample.fingerprint), sample);
      }
    },
    async of(endpointId: string, fingerprint: string | null) {
      const recent = await kept(endpointId, RECENT, () => measurements.recent(endpointId, RECENT));
      const found =
        fingerprint === null ? [] : recent.filter((each) => each.fingerprint === fingerprint).slice(0, LIKE);
      if (fingerprint === null || found.length >= MIN_SAMPLES) return { recent, like: found };
      const like = await kept(keyOf(endpointId, fingerprint), LIKE, () =>
        measurements.like(endpointId, fingerprint, LIKE),
      );
      return { recent, like };
    },
  };
}
