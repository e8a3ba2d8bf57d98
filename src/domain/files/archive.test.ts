import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  dayOf,
  distinctPaths,
  isZone,
  momentOf,
  PARAMETERS_HEAD,
  parametersRow,
  portablePath,
  type Taken,
  wallClock,
} from './archive.ts';

test.each([
  ['UTC', '2026-11-23T23:30:05Z', '2026-11-23', '2026-11-23 23:30:05'],
  ['Europe/Berlin', '2026-11-23T23:30:05Z', '2026-11-24', '2026-11-24 00:30:05'],
  ['America/Los_Angeles', '2026-07-01T06:59:59Z', '2026-06-30', '2026-06-30 23:59:59'],
])('by the clock of %s', (zone, time, day, moment) => {
  const clock = wallClock(zone)(Date.parse(time));
  expect([dayOf(clock), momentOf(clock)]).toEqual([day, moment]);
});

test.each([
  ['Europe/Berlin', true],
  ['UTC', true],
  ['Nowhere/At all', false],
  ['', false],
])('%j is a time zone: %s', (zone, is) => expect(isZone(zone)).toBe(is));

test.each([
  ['Füße 雨/großes Bild 🌧_00001_.png', 'Füße 雨/großes Bild 🌧_00001_.png'],
  ['u\u0308ber.png', 'über.png'],
  ['a:b*c?.png', 'a_b_c_.png'],
  ['../../etc/passwd', '_/_/etc/passwd'],
  ['/abs//olute', 'abs/olute'],
  ['con/NUL.png', '_con/_NUL.png'],
  ['ends with. /x. .', 'ends with_/x_'],
  ['console.png', 'console.png'],
])('%j unpacks everywhere as %j', (path, portable) => expect(portablePath(path)).toBe(portable));

describe('names', () => {
  test('that are taken get a number', () => {
    const distinct = distinctPaths();
    expect(['d/a.png', 'd/A.png', 'd/a.png', 'd/a (2).png', 'd.x/a', 'd.x/a'].map(distinct)).toEqual([
      'd/a.png',
      'd/A (2).png',
      'd/a (3).png',
      'd/a (2) (2).png',
      'd.x/a',
      'd.x/a (2)',
    ]);
  });

  test('are never the same on a system that does not tell case', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'A', 'a (2)', 'a.b', 'A.B', 'a (2).b', 'a (3).b')), (paths) => {
        const given = paths.map(distinctPaths()).map((path) => path.toLowerCase());
        expect(new Set(given).size).toBe(paths.length);
      }),
    );
  });
});

const taken: Taken = {
  file: '2026-11-23/shot_00001_.png',
  kind: 'image',
  title: 'Shot',
  prompt: 'a harbour',
  negative: null,
  model: 'sd_xl.safetensors',
  loras: ['grain', 'dusk'],
  sampler: 'euler',
  scheduler: 'normal',
  steps: 20,
  cfg: 7.5,
  seed: '42',
  width: 768,
  height: 512,
  frames: null,
  duration: null,
  bytes: 1234,
  favourite: true,
  rating: 4,
  rejected: false,
  submitted: '2026-11-23 16:20:05',
  started: null,
  finished: null,
  arrived: '2026-11-23 16:21:00',
  workflow: 'workflows/Shot-1.json',
};

test('the table of parameters has one column for each value', () => {
  expect(PARAMETERS_HEAD.slice(0, 4)).toEqual(['File', 'Kind', 'Title', 'Prompt']);
  expect(Object.fromEntries(PARAMETERS_HEAD.map((name, index) => [name, parametersRow(taken)[index]]))).toEqual({
    File: '2026-11-23/shot_00001_.png',
    Kind: 'image',
    Title: 'Shot',
    Prompt: 'a harbour',
    'Negative prompt': null,
    Model: 'sd_xl.safetensors',
    LoRAs: 'grain; dusk',
    Sampler: 'euler',
    Scheduler: 'normal',
    Steps: 20,
    CFG: 7.5,
    Seed: '42',
    Width: 768,
    Height: 512,
    Frames: null,
    Seconds: null,
    Bytes: 1234,
    Favourite: 'yes',
    Stars: 4,
    Rejected: '',
    Submitted: '2026-11-23 16:20:05',
    Started: null,
    Finished: null,
    Arrived: '2026-11-23 16:21:00',
    Workflow: 'workflows/Shot-1.json',
  });
});
