import { expect, test } from 'vitest';
import type { Person } from './people.ts';
import { peopleCsv } from './people-csv.ts';

const person = (name: string): Person => ({
  id: name,
  name,
  role: 'participant',
  folder: 'Ada',
  enabled: true,
  comfyui: true,
  waitingCap: null,
  inFlightCap: null,
  joinedBy: null,
  createdAt: '2026-11-23T10:00:00.000Z',
  lastSeenAt: null,
  jobs: 3,
  results: 2,
  bytes: 1000,
  gpuMs: 5,
  tabs: 0,
});

test('one line for each, with a head', async () => {
  expect(await peopleCsv([person('Anna'), person('=1+1')])).toBe(
    '\uFEFFname,role,enabled,joined,last seen,jobs,results,bytes\r\nAnna,participant,yes,2026-11-23T10:00:00.000Z,,3,2,1000\r\n'.concat(
      "'=1+1,participant,yes,2026-11-23T10:00:00.000Z,,3,2,1000\r\n",
    ),
  );
});
