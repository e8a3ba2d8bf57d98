import { AppError } from '#src/domain/errors.ts';
import { groupBy } from '#src/domain/group-by.ts';
import type { Actor } from '#src/domain/users/user.ts';
import { asSubmitted, saverInto } from '#src/domain/workflow/as-submitted.ts';
import { splitName } from '#src/domain/workflow/attribution.ts';
import { generations } from '#src/domain/workflow/generation-parameters.ts';
import type { Graph } from '#src/domain/workflow/graph.ts';
import { parseGraphJson, toGraphJson } from '#src/domain/workflow/graph-json.ts';
import { parseGraph } from '#src/domain/workflow/parse-graph.ts';
import type { AuditLog } from '#src/ports/audit-log.ts';
import type { Gallery } from '#src/ports/gallery.ts';
import type { AttemptReader, JobIntake } from '#src/ports/jobs.ts';
import type { Clock, Random } from '#src/ports/random.ts';
import type { ResultStore } from '#src/ports/results.ts';
import type { FoundFile, IgnoredOrphans, Share } from '#src/ports/share.ts';
import type { User, UserStore } from '#src/ports/users.ts';
import { underFreeName } from '../results/free-name.ts';

type Deps = {
  jobs: JobIntake & AttemptReader;
  results: ResultStore;
  users: UserStore;
  share: Share;
  gallery: Gallery;
  auditLog: AuditLog;
  ignoredOrphans: IgnoredOrphans;
  clock: Clock;
  random: Random;
};

/** Of an orphaned file without a save node's folder. */
const NO_NODE = 'stray';

/** The graph that a worker says it ran; null when there is none, or none that makes sense. */
function readGraph(text: string | null): Graph | null {
  if (text === null) return null;
  try {
    return parseGraph(parseGraphJson(text));
  } catch {
    return null;
  }
}

type Outcome = { given: number; failed: { path: string; why: string }[] };

/** All orphaned files of one folder become one job: one attempt has written them. */
async function giveFolder(
  deps: Deps,
  { folder, files, owner, title }: { folder: string; files: readonly FoundFile[]; owner: User; title: string },
): Promise<Outcome> {
  const outcome: Outcome = { given: 0, failed: [] };
  const whole: FoundFile[] = [];
  for (const file of files) {
    const verdict = await deps.share.examine(folder, file.path);
    if (verdict.state === 'whole' || verdict.state === 'unproven') whole.push(file);
    else outcome.failed.push({ path: `${folder}/${file.path}`, why: `It is incomplete: ${verdict.why}.` });
  }
  const first = whole[0];
  if (!first) return outcome;
  const embedded = await deps.share.embedded(folder, first.path);
  const sent = readGraph(embedded.prompt);
  const nodeOf = (path: string): string => {
    const slash = path.indexOf('/');
    return (slash > 0 && sent && saverInto(sent, `${folder}/${path.slice(0, slash)}`)) || NO_NODE;
  };
  const graph = sent && asSubmitted(sent);
  const jobId = deps.random.id();
  await deps.jobs.addGiven({
    id: jobId,
    userId: owner.id,
    title,
    prompt: graph && toGraphJson(graph),
    workflow: graph && embedded.workflow,
    generations: graph
      ? generations(
          graph,
          [...new Set(whole.map(({ path }) => nodeOf(path)))].filter((id) => graph[id]),
        )
      : [],
    now: deps.clock.now(),
  });
  for (const file of whole) {
    const path = `${folder}/${file.path}`;
    const give = async () => {
      const named = {
        userId: owner.id,
        folder: owner.folder,
        ...splitName(file.path.slice(file.path.indexOf('/') + 1)),
      };
      const reserved = await deps.results.reserve({
        ...named,
        id: deps.random.id(),
        jobId,
        attemptId: null,
        nodeId: nodeOf(file.path),
        name: file.path,
        preview: false,
      });
      const { stored } = await underFreeName(deps, reserved, named, (place) =>
        deps.gallery.importFile({ folder, ...file }, { path: place, replaces: null }, null),
      );
      await deps.results.record({
        id: reserved.id,
        attemptId: null,
        ...stored,
        unfinished: false,
        now: deps.clock.now(),
      });
      // At once: whatever fails after it, nobody gets it a second time by giving what is left.
      await deps.ignoredOrphans.set([path], true, deps.clock.now());
      outcome.given += 1;
    };
    try {
      await deps.auditLog.part('paths', path, give);
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'internal') throw error;
      outcome.failed.push({ path, why: error.message });
    }
  }
  return outcome;
}

/** Copies orphaned files into somebody's folder as their results. Those are no longer listed as orphaned. */
export async function assignOrphanedFiles(
  deps: Deps,
  actor: Actor,
  { paths, userId }: { paths: readonly string[]; userId: string },
): Promise<Outcome> {
  const owner = await deps.users.find(userId);
  if (!owner) throw new AppError('not_found', 'Participant not found.');
  const folderOf = (path: string): string => path.split('/').slice(0, 2).join('/');
  const folders = new Set(
    (await deps.share.folders()).filter((folder) => paths.some((path) => folderOf(path) === folder)),
  );
  const known = await deps.jobs.knownAttempts([...folders].map((folder) => folder.slice(folder.indexOf('/') + 1)));
  const all: Outcome = { given: 0, failed: [] };
  for (const [folder, wanted] of groupBy(new Set(paths), folderOf)) {
    const isOrphaned = folders.has(folder) && !known.has(folder.slice(folder.indexOf('/') + 1));
    const there = isOrphaned ? (await deps.share.list(folder)).files : [];
    const files = there.filter(({ path }) => wanted.includes(`${folder}/${path}`));
    for (const path of wanted)
      if (!files.some((file) => `${folder}/${file.path}` === path))
        all.failed.push({ path, why: 'It no longer exists, or it now belongs to a job.' });
    const outcome = await giveFolder(deps, { folder, files, owner, title: `Assigned by ${actor.name}` });
    all.given += outcome.given;
    all.failed.push(...outcome.failed);
  }
  return all;
}
