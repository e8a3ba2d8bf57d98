import { expect, test } from 'vitest';
import type { Person } from './people.ts';
import { peopleCsv } from './people-csv.ts';

const person = (name: string): Person => ({
  id: name,
  name,
  role: 'participant',
  folder: 'Ada',
  enabled: true,
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
const names = (...list: string[]) =>
  peopleCsv(list.map(person))
    .split('\r\n')
    .slice(1, -1)
    .map((line) => line.replace(/,participant,.*$/, ''));

test('one line for each, with a head', () => {
  expect(peopleCsv([person('Anna')])).toBe(
    '\uFEFFname,role,enabled,joined,last seen,jobs,results,bytes\r\nAnna,participant,yes,2026-11-23T10:00:00.000Z,,3,2,1000\r\n',
  );
});

test('nothing in it is run as a formula, and every name stays one cell', () => {
  expect(names('=1+1', '+1', '-1', '@sum', 'Ångström, Zoë', 'a"b')).toEqual([
    "'=1+1",
    "'+1",
    "'-1",
    "'@sum",
    '"Ångström, Zoë"',
    '"a""b"',
  ]);
});
