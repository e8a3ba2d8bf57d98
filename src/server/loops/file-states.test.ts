import { expect, test } from 'vitest';
import { createSightings } from './file-states.ts';

const HOUR = 3_600_000;
const QUIET_MS = 400;

test('a file whose format proves nothing is whole after it was quiet, also when the clock is set back by an hour', async () => {
  const share = {
    list: async () => ({ files: [], leftOut: [] }),
    folders: async () => [],
    makeFolder: async () => true,
    removeIfEmpty: async () => undefined,
    examine: async () => ({ state: 'unproven' as const, kind: 'other' as const, mime: 'text/plain' }),
    embedded: async () => ({ prompt: null, workflow: null }),
    watch: async () => async () => undefined,
  };
  const sightings = createSightings(share, 'comfyume/a', QUIET_MS);
  const file = { path: '0/notes.txt', bytes: 3, mtimeMs: 0 };
  const stateAt = async (now: number) => (await sightings.see(file, now)).state;
  expect([await stateAt(HOUR), await stateAt(HOUR + QUIET_MS - 1)]).toEqual(['unproven', 'unproven']);
  expect([await stateAt(0), await stateAt(QUIET_MS)]).toEqual(['unproven', 'whole']);
});
