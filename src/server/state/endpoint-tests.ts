import { LRUCache } from 'lru-cache';
import type { EndpointTest, EndpointTests } from '#src/ports/endpoints.ts';

const MAX_KEPT = 200;

export function createEndpointTests(): EndpointTests {
  const tests = new LRUCache<string, EndpointTest & { readonly url: string }>({ max: MAX_KEPT });
  return {
    of({ id, url }) {
      const test = tests.get(id);
      return test?.url === url ? { at: test.at, well: test.well } : null;
    },
    record: ({ id, url }, test) => void tests.set(id, { ...test, url }),
  };
}
