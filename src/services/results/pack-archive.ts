import {
  dayOf,
  distinctPaths,
  momentOf,
  PARAMETERS_HEAD,
  parametersRow,
  portablePath,
  type Taken,
  wallClock,
} from '#src/domain/files/archive.ts';
import { shownName } from '#src/domain/files/result-name.ts';
import { madeWith } from '#src/domain/workflow/generation-parameters.ts';
import type { Graph } from '#src/domain/workflow/graph.ts';
import { parseGraphJson } from '#src/domain/workflow/graph-json.ts';
import { parseGraph } from '#src/domain/workflow/parse-graph.ts';
import type { Archive, ArchiveStore, ArchiveWriter, SheetPicture, Sheets } from '#src/ports/files/archives.ts';
import type { Gallery } from '#src/ports/gallery.ts';
import type { Job, JobReader } from '#src/ports/jobs.ts';
import type { Result } from '#src/ports/results.ts';
import type { User } from '#src/ports/users.ts';

/** More pages would make the wait for the first byte long. They show the newest pictures. */
const MAX_SHEETS = 50;
const MAX_TITLE_LENGTH = 80;
/** Results of a job come one after the other; of few jobs at a time. */
const JOBS_AT_HAND = 20;

export type PackDeps = { jobs: JobReader; gallery: Gallery; archives: ArchiveStore; sheets: Sheets };
type Choice = { owner: User; zone: string; filename: string; found: readonly Result[] };
type Entry = Archive['files'][number];
type JobAtHand = { job: Job; graph: Graph; workflow: string };

/** Puts everything that is not a result itself into the box: small things first, so that they are there when a download is cut. */
export async function packArchive(
  deps: PackDeps,
  writer: ArchiveWriter,
  { owner, zone, filename, found }: Choice,
): Promise<Omit<Archive, 'id'>> {
  const clockOf = wallClock(zone);
  const moment = (time: number): string => momentOf(clockOf(time));
  const momentOrNull = (time: number | null): string | null => (time === null ? null : moment(time));
  const newest = found.at(-1)?.deliveredAt ?? 0;
  const made = { time: newest, clock: clockOf(newest) };
  const distinct = distinctPaths();
  const ownFiles: Entry[] = [];
  const results: Entry[] = [];
  const missing: string[] = [];
  const pictures: { result: Result; name: string }[] = [];
  const workflows: Entry[] = [];
  const workflowNames = new Map<string, string>();
  const atHand = new Map<string, JobAtHand | null>();

  for (const name of ['parameters.csv', 'parameters.json']) distinct(name);

  async function jobOf(jobId: string): Promise<JobAtHand | null> {
    const known = atHand.get(jobId);
    if (known !== undefined) return known;
    const [job, stored] = await Promise.all([deps.jobs.find(jobId), deps.jobs.graph(jobId)]);
    let found: JobAtHand | null = null;
    if (job && stored) {
      let name = workflowNames.get(jobId);
      if (name === undefined) {
        const title = portablePath(job.title.replaceAll('/', '_').slice(0, MAX_TITLE_LENGTH)) || 'workflow';
        const form = stored.workflow === null ? ' (API)' : '';
        name = distinct(`workflows/${title}-${jobId.slice(0, 8)}${form}.json`);
        const put = await writer.append('workflows', stored.workflow ?? stored.prompt);
        workflows.push({ name, bytes: put.bytes, ...made, content: { type: 'made', file: 'workflows', at: put.at } });
        workflowNames.set(jobId, name);
      }
      found = { job, graph: parseGraph(parseGraphJson(stored.prompt)), workflow: name };
    }
    atHand.set(jobId, found);
    const oldest = atHand.keys().next();
    if (atHand.size > JOBS_AT_HAND && !oldest.done) atHand.delete(oldest.value);
    return found;
  }

  const lists = { csv: 0, json: 0 };
  const list = async (taken: Taken): Promise<void> => {
    const first = lists.csv === 0;
    const rows = [...(first ? [PARAMETERS_HEAD] : []), parametersRow(taken)];
    lists.csv += (await writer.appendRows('parameters.csv', rows)).bytes;
    lists.json += (await writer.append('parameters.json', `${first ? '[' : ','}\n${JSON.stringify(taken)}`)).bytes;
  };

  for (const result of found) {
    const clock = clockOf(result.deliveredAt);
    const file = distinct(`${dayOf(clock)}/${portablePath(shownName(result)) || 'file'}`);
    if ((await deps.archives.size(result.path)) !== result.bytes) {
      missing.push(file);
      continue;
    }
    const { sha256, path, bytes, deliveredAt } = result;
    results.push({ name: file, bytes, time: deliveredAt, clock, content: { type: 'result', path, sha256 } });
    pictures.push({ result, name: file.slice(file.lastIndexOf('/') + 1) });
    const from = await jobOf(result.jobId);
    if (!from) continue;
    const { job, graph, workflow } = from;
    const { kind, title, width, height, duration, favourite, rating, rejected } = result;
    const { seed, width: askedWidth, height: askedHeight, ...how } = madeWith(graph, result.nodeId);
    await list({
      ...how,
      file,
      kind,
      title,
      seed: result.seed ?? (seed === null ? null : String(seed)),
      width: width ?? askedWidth,
      height: height ?? askedHeight,
      duration,
      bytes,
      favourite,
      rating,
      rejected,
      submitted: moment(job.createdAt),
      started: momentOrNull(job.startedAt),
      finished: momentOrNull(job.endedAt),
      arrived: moment(deliveredAt),
      workflow,
    });
  }
  if (lists.json > 0) lists.json += (await writer.append('parameters.json', '\n]\n')).bytes;

  const put = async (name: string, part: string | Uint8Array): Promise<void> => {
    const { at, bytes } = await writer.append(name, part);
    ownFiles.push({ name: distinct(name), bytes, ...made, content: { type: 'made', file: name, at } });
  };
  for (const [name, bytes] of [
    ['parameters.csv', lists.csv],
    ['parameters.json', lists.json],
  ] as const)
    if (bytes > 0) ownFiles.push({ name, bytes, ...made, content: { type: 'made', file: name, at: 0 } });
  if (missing.length > 0)
    await put('missing.txt', `These files are missing from the disk or have changed:\n\n${missing.join('\n')}\n`);

  const shown = pictures.slice(-MAX_SHEETS * deps.sheets.perPage);
  const pages = Math.ceil(shown.length / deps.sheets.perPage);
  for (let page = 0; page < pages; page += 1) {
    const part = shown.slice(page * deps.sheets.perPage, (page + 1) * deps.sheets.perPage);
    const days = [part[0], part.at(-1)].map((one) => dayOf(clockOf(one?.result.deliveredAt ?? 0)));
    const sheet = await deps.sheets.draw({
      title: owner.name,
      note: `${[...new Set(days)].join(' to ')} · page ${page + 1} of ${pages}`,
      pictures: await Promise.all(part.map(({ result, name }) => labelled(deps.gallery, result, name))),
    });
    await put(`contact-sheet-${String(page + 1).padStart(2, '0')}.jpg`, sheet);
  }

  return { userId: owner.id, filename, missing: missing.length, files: [...ownFiles, ...workflows, ...results] };
}

async function labelled(gallery: Gallery, result: Result, name: string): Promise<SheetPicture> {
  const { id, path, kind, duration, seed, rating, favourite } = result;
  const notes = [
    kind === 'image' || kind === 'video' ? null : kind,
    `${favourite ? '♥' : ''}${'★'.repeat(rating)}`,
    duration === null ? null : `${Math.round(duration * 10) / 10} s`,
    seed === null ? null : `seed ${seed}`,
  ];
  return {
    name,
    note: notes.filter((note) => note !== null && note !== '').join(' · '),
    thumbnail: await gallery.thumbnail(id, path, result),
  };
}
