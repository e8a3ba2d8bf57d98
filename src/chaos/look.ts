import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JobView } from '#src/api/views.ts';
import type { Evidence, HeardEvent, SeenJob } from './evidence.ts';
import { answered, type ChaosPerson } from './person.ts';
import type { FaultKind, PlannedJob } from './plan.ts';
import type { World } from './trouble.ts';
import { allWritten } from './written.ts';

const MAX_SETTLE_MS = 60_000;
/** Some rounds in which the folders of attempts that have ended are looked at. */
const STILL_MS = 3500;

export type Submitted = { readonly planned: PlannedJob; readonly id: string; readonly cancel: SeenJob['cancel'] };

async function every<Item>(
  page: (cursor: string | null) => Promise<{ items: Item[]; nextCursor: string | null }>,
): Promise<Item[]> {
  const all: Item[] = [];
  let cursor: string | null = null;
  do {
    const { items, nextCursor } = await page(cursor);
    all.push(...items);
    cursor = nextCursor;
  } while (cursor !== null);
  return all;
}

const jobsOf = ({ api }: ChaosPerson): Promise<JobView[]> =>
  every((cursor) => answered(() => api.jobs.list.query({ limit: 200, cursor })));
const resultsOf = ({ api }: ChaosPerson) =>
  every((cursor) => answered(() => api.results.list.query({ limit: 200, cursor })));

/** Waits until no replica works any more and nothing has arrived for a while. */
export async function settle({ fleet, people }: World): Promise<void> {
  const end = performance.now() + MAX_SETTLE_MS;
  let before = '';
  for (let stillSince = performance.now(); performance.now() < end && performance.now() - stillSince < STILL_MS; ) {
    const { replicas } = await fleet.state();
    const busy = replicas.some(
      ({ phase, running, pending }) => phase !== 'gone' && (running !== null || pending.length > 0),
    );
    const counts = await Promise.all(people.map(({ api }) => answered(() => api.results.count.query({}))));
    const now = [...counts, ...people.map(({ feed }) => feed.received.length)].join();
    if (busy || now !== before) stillSince = performance.now();
    before = now;
    await sleep(250);
  }
}

function receivedBy({ feed }: ChaosPerson): HeardEvent[] {
  return feed.received.map(({ id, data }) => ({
    id,
    type: data.type,
    jobId: 'jobId' in data ? data.jobId : null,
    resultId: data.type === 'result.added' ? data.resultId : null,
    missed: data.type === 'feed.ready' && data.missed,
  }));
}

/** Everything that can be known from outside: from the API, the sockets, the disk and the share. */
export async function collectEvidence(
  world: World,
  facts: { submitted: readonly Submitted[]; outputs: string; faults: readonly FaultKind[] },
): Promise<Evidence> {
  const { people, share, server, operator } = world;
  const views = new Map<string, JobView>();
  const seen: {
    name: string;
    jobIds: string[];
    results: Evidence['people'][number]['results'];
    received: HeardEvent[];
  }[] = [];
  for (const person of people) {
    const [jobs, results] = [await jobsOf(person), await resultsOf(person)];
    for (const job of jobs) views.set(job.id, job);
    seen.push({ name: person.name, jobIds: jobs.map(({ id }) => id), results, received: receivedBy(person) });
  }
  const jobs = facts.submitted.flatMap(({ planned, id, cancel }): SeenJob[] => {
    const view = views.get(id);
    if (!view) return [];
    const { status, reason, message, attempts, results } = view;
    const owner = people[planned.owner]?.name ?? '';
    return [
      { id, serial: planned.serial, owner, kind: planned.kind, cancel, status, reason, message, attempts, results },
    ];
  });
  const written = await allWritten(facts.outputs);
  const isIncoming = (path: string): boolean => path.startsWith('.incoming/');
  const strays = await answered(() => operator.api.admin.storage.strays.query());
  return {
    faults: facts.faults,
    jobs,
    people: seen,
    outputs: written.filter(({ path }) => !isIncoming(path)),
    share: await allWritten(join(share.real, 'outputs')),
    incoming: (await readdir(join(facts.outputs, '.incoming'))).sort(),
    strays: strays.strays.map(({ path }) => path),
    server: [
      ...server.unexplained,
      ...facts.submitted
        .filter(({ id }) => !views.has(id))
        .map(({ id, planned }) => `Job ${id} was answered to person ${planned.owner}, and is in no list.`),
    ],
  };
}
