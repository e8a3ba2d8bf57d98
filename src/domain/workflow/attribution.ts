import { clip, type Plan, STARTED } from './rewrite.ts';

export type Attribution =
  | { readonly kind: 'started' }
  | { readonly kind: 'finished'; readonly marker: string }
  /** `name` is what the participant's own prefix would have given, folders included. */
  | { readonly kind: 'output'; readonly nodeId: string; readonly name: string; readonly isPreview: boolean }
  | { readonly kind: 'stray' };

const MARKER = /^(?:(_started)_\d+_\.png|(_finished\d+)_\d+_\.(?:png|flac|latent))$/;

/** A tiny file that our own added nodes make a worker write. `path` is relative to an attempt's folder. */
export const isMarker = (path: string): boolean => MARKER.test(path);

const dirsOf = new WeakMap<Plan, ReadonlyMap<string, Plan['saves'][number]>>();

function saveByDir(plan: Plan): ReadonlyMap<string, Plan['saves'][number]> {
  const dirs = dirsOf.get(plan) ?? new Map(plan.saves.map((save) => [save.dir, save]));
  dirsOf.set(plan, dirs);
  return dirs;
}

/** Whose file is it? `path` is relative to the attempt's folder. */
export function attribute(path: string, plan: Plan): Attribution {
  const slash = path.indexOf('/');
  if (slash < 0) {
    const [, started, marker] = MARKER.exec(path) ?? [];
    if (started === STARTED) return { kind: 'started' };
    if (marker !== undefined && Object.hasOwn(plan.markerNodes, marker)) return { kind: 'finished', marker };
    return { kind: 'stray' };
  }
  const save = saveByDir(plan).get(path.slice(0, slash));
  if (!save) return { kind: 'stray' };
  return { kind: 'output', nodeId: save.nodeId, name: path.slice(slash + 1), isPreview: save.isPreview };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it removes
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\\:*?"<>|]/g;

/** Leaves room for counter and extension within the 255 bytes of a file name. */
const MAX_SEGMENT = 200;
const MAX_EXTENSION = 30;

/** What stands behind a worker's stem: counter, and `-audio` where the film's sound is a file of its own. */
const COUNTER = /_\d{5,}(_?(?:-audio)?)$/;
const AUDIO = /-audio$/;

/**
 * Splits a worker's file name into what is kept (`film/shot`, `_.png`) and the counter, which is given anew in the participant's folder.
 * Most nodes write `shot_00001_.png`; SaveImageAdvanced writes `shot_00001.png`, and VHS_VideoCombine `shot_00001.mp4` beside `shot_00001-audio.mp4`.
 */
export function splitName(name: string): { stem: string; ending: string } {
  const safe = name
    .split('/')
    .map((segment) => segment.replace(UNSAFE, '_').replace(/^\.+/, '_'))
    .filter((segment) => segment !== '')
    .join('/');
  const slash = safe.lastIndexOf('/');
  const dot = safe.lastIndexOf('.');
  const extension = dot > slash + 1 ? clip(safe.slice(dot).toLowerCase(), MAX_EXTENSION) : '';
  const base = extension === '' ? safe : safe.slice(0, dot);
  const counter = COUNTER.exec(base);
  const stem = base
    .slice(0, counter?.index)
    .split('/')
    .map((segment) => clip(segment, MAX_SEGMENT))
    .join('/');
  return { stem: stem || 'file', ending: `${counter?.[1] ?? '_'}${extension}` };
}

/** What companions have in common, and only they: `shot_00001` of a film, its sound and its first picture; `scene_00001_` of a picture and its caption. */
export function workerStem(name: string): string {
  const dot = name.lastIndexOf('.');
  return (dot > name.lastIndexOf('/') + 1 ? name.slice(0, dot) : name).replace(AUDIO, '');
}

/** As its worker would have named it with this counter: `<stem>_00001_.png`, or `<stem>_00001.mp4`. */
export const numberedName = (stem: string, counter: number, ending: string): string =>
  `${stem}_${String(counter).padStart(5, '0')}${ending}`;
