import { LRUCache } from 'lru-cache';
import type { ComfyuiAnswers } from '#src/ports/comfyui/jobs.ts';
import type { Bus } from '#src/ports/events.ts';

/** Of everybody's answers. */
const MAX_CHARACTERS = 32_000_000;

export function createComfyuiAnswers(bus: Pick<Bus, 'listen'>): ComfyuiAnswers {
  const answers = new LRUCache<string, string>({
    maxSize: MAX_CHARACTERS,
    sizeCalculation: (text) => text.length + 1,
  });
  const underWay = new Map<string, Promise<string>>();
  const versions = new Map<string, number>();
  const forget = (userId: string): void => {
    versions.set(userId, (versions.get(userId) ?? 0) + 1);
  };
  bus.listen((signal) => {
    if (signal.type === 'stored') forget(signal.event.userId);
    if (signal.type === 'results.changed') forget(signal.userId);
  });

  return {
    forget,
    async of(userId, what, make) {
      const key = `${userId} ${versions.get(userId) ?? 0} ${what}`;
      const known = answers.get(key);
      if (known !== undefined) return known;
      const started = underWay.get(key);
      if (started) return started;
      const making = make()
        .then((text) => {
          answers.set(key, text);
          return text;
        })
        .finally(() => underWay.delete(key));
      underWay.set(key, making);
      return making;
    },
  };
}
