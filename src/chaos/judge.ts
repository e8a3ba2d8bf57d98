import { type Evidence, type Rule, twice, without } from './evidence.ts';
import { eachFileOnce, exactFiles, nothingLeftOnShare, nothingOfOthers } from './rules-of-files.ts';
import { allEnded, cancelledOnlyWhenAsked, fewFail, oneJobPerRequest, rightReasons } from './rules-of-jobs.ts';

const eventsOnce: Rule = ({ jobs, people }) => {
  const ownerOf = new Map(jobs.map(({ id, owner }) => [id, owner]));
  return people.flatMap(({ name, results, received }) => {
    const stored = received.filter(({ type }) => type === 'job.updated' || type === 'result.added');
    const added = stored.flatMap(({ resultId }) => resultId ?? []);
    const foreign = stored.filter(({ jobId }) => jobId !== null && ownerOf.get(jobId) !== name);
    const ids = stored.map(({ id }) => Number(id));
    return [
      ...twice(added).map((id) => `${name} heard twice of result ${id}.`),
      ...without(
        results.map(({ id }) => id),
        added,
      ).map((id) => `${name} never heard of result ${id}.`),
      ...without(
        added,
        results.map(({ id }) => id),
      ).map((id) => `${name} received result ${id} of somebody else.`),
      ...foreign.map(({ jobId }) => `${name} received job ${jobId} of somebody else.`),
      ...(ids.some((id, at) => at > 0 && id <= (ids[at - 1] ?? 0)) ? [`${name} heard events out of order.`] : []),
      ...(received.some(({ missed }) => missed) ? [`${name} was told that events are missing.`] : []),
    ];
  });
};

const nothingHalfBrought: Rule = ({ incoming }) => incoming.map((path) => `Left behind in .incoming: ${path}.`);
const serverBehaved: Rule = ({ server }) => [...server];

export const RULES = {
  allEnded,
  rightReasons,
  cancelledOnlyWhenAsked,
  fewFail,
  oneJobPerRequest,
  exactFiles,
  eachFileOnce,
  nothingOfOthers,
  nothingLeftOnShare,
  eventsOnce,
  nothingHalfBrought,
  serverBehaved,
} as const satisfies Record<string, Rule>;

/** Everything that is not as it must be, in words. */
export const judgeChaos = (evidence: Evidence): string[] => Object.values(RULES).flatMap((rule) => rule(evidence));
