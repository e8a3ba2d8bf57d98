import type { MadeWith } from '../workflow/generation-parameters.ts';
import type { Cell, Row } from './csv.ts';

/** What of a moment people read on a clock in `zone`, as if that clock were UTC. */
export function wallClock(zone: string): (time: number) => number {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (time) => {
    const parts = new Map(format.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
    return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  };
}

export const isZone = (zone: string): boolean => {
  try {
    return wallClock(zone)(0) !== null;
  } catch {
    return false;
  }
};

/** `2026-11-23`, of what `wallClock` gives. */
export const dayOf = (clock: number): string => new Date(clock).toISOString().slice(0, 10);
/** `2026-11-23 16:20:05`: what spreadsheets take for a time. */
export const momentOf = (clock: number): string => new Date(clock).toISOString().slice(0, 19).replace('T', ' ');

/** What Windows keeps for itself, whatever follows the dot. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;
const UNSAFE = /[\p{Cc}\\:*?"<>|]/gu;

/** A path that every system can unpack. */
export const portablePath = (path: string): string =>
  path
    .normalize('NFC')
    .split('/')
    .map((part) =>
      part
        .replace(UNSAFE, '_')
        .replace(/[. ]+$/, '_')
        .replace(/^\.+/, '_'),
    )
    .filter((part) => part !== '')
    .map((part) => (RESERVED.test(part) ? `_${part}` : part))
    .join('/');

/** Gives each path once; one that is taken, or differs only in case from one that is, gets a number. */
export function distinctPaths(): (path: string) => string {
  const taken = new Set<string>();
  const next = new Map<string, number>();
  return (path) => {
    const dot = path.lastIndexOf('.');
    const cut = dot > path.lastIndexOf('/') + 1 ? dot : path.length;
    const first = path.toLowerCase();
    let name = path;
    for (let number = next.get(first) ?? 2; taken.has(name.toLowerCase()); number += 1) {
      name = `${path.slice(0, cut)} (${number})${path.slice(cut)}`;
      next.set(first, number + 1);
    }
    taken.add(name.toLowerCase());
    return name;
  };
}

/** One result in the list of parameters. Moments are those of the taker's clock. */
export type Taken = Omit<MadeWith, 'seed' | 'width' | 'height'> & {
  readonly file: string;
  readonly kind: string;
  readonly title: string;
  readonly seed: string | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly duration: number | null;
  readonly bytes: number;
  readonly favourite: boolean;
  readonly rating: number;
  readonly rejected: boolean;
  readonly submitted: string;
  readonly started: string | null;
  readonly finished: string | null;
  readonly arrived: string;
  readonly workflow: string;
};

const COLUMNS: readonly (readonly [string, (taken: Taken) => Cell])[] = [
  ['File', (taken) => taken.file],
  ['Kind', (taken) => taken.kind],
  ['Title', (taken) => taken.title],
  ['Prompt', (taken) => taken.prompt],
  ['Negative prompt', (taken) => taken.negative],
  ['Model', (taken) => taken.model],
  ['LoRAs', (taken) => taken.loras.join('; ')],
  ['Sampler', (taken) => taken.sampler],
  ['Scheduler', (taken) => taken.scheduler],
  ['Steps', (taken) => taken.steps],
  ['CFG', (taken) => taken.cfg],
  ['Seed', (taken) => taken.seed],
  ['Width', (taken) => taken.width],
  ['Height', (taken) => taken.height],
  ['Frames', (taken) => taken.frames],
  ['Seconds', (taken) => taken.duration],
  ['Bytes', (taken) => taken.bytes],
  ['Favourite', (taken) => (taken.favourite ? 'yes' : '')],
  ['Stars', (taken) => taken.rating],
  ['Rejected', (taken) => (taken.rejected ? 'yes' : '')],
  ['Submitted', (taken) => taken.submitted],
  ['Started', (taken) => taken.started],
  ['Finished', (taken) => taken.finished],
  ['Arrived', (taken) => taken.arrived],
  ['Workflow', (taken) => taken.workflow],
];

export const PARAMETERS_HEAD: Row = COLUMNS.map(([name]) => name);
export const parametersRow = (taken: Taken): Row => COLUMNS.map(([, read]) => read(taken));
