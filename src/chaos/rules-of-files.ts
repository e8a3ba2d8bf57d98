import { about, countBy, type Rule, twice, without } from './evidence.ts';
import { EXPECTED } from './graphs.ts';

export const exactFiles: Rule = ({ jobs }) =>
  jobs.flatMap((job) => {
    const found = countBy(job.results.map(({ nodeId }) => nodeId));
    return Object.entries({ ...Object.fromEntries([...found].map(([id]) => [id, 0])), ...EXPECTED[job.kind] }).flatMap(
      ([nodeId, expected]) => {
        const here = found.get(nodeId) ?? 0;
        const wrong = job.status === 'completed' ? here !== expected : here > expected;
        return wrong
          ? [`${about(job)} is ${job.status} with ${here} files of node ${nodeId}; it makes ${expected}.`]
          : [];
      },
    );
  });

export const eachFileOnce: Rule = ({ jobs, people, outputs }) => {
  const jobOf = new Map(jobs.map((job) => [job.id, job]));
  const onDisk = new Map(outputs.map((file) => [file.path, file]));
  const listed = people.flatMap(({ name, results }) =>
    results.map((result) => ({ ...result, path: `${name}/${result.filename}` })),
  );
  const faults = listed.flatMap(({ path, jobId, sha256 }) => {
    const file = onDisk.get(path);
    const serial = jobOf.get(jobId)?.serial;
    if (!file) return [`${path} is listed, and not there.`];
    if (!file.whole) return [`${path} is not whole.`];
    if (file.sha256 !== sha256) return [`${path} is not what was delivered.`];
    if (file.jobId !== jobId) return [`${path} is listed for job ${jobId}, but was made by ${file.jobId}.`];
    return file.serial === serial ? [] : [`${path} shows picture ${file.serial}; job ${jobId} asked for ${serial}.`];
  });
  const paths = listed.map(({ path }) => path);
  return [
    ...faults,
    ...twice(paths).map((path) => `${path} is listed twice.`),
    ...without([...onDisk.keys()], paths).map((path) => `${path} is there, and nobody's list has it.`),
    ...twice(listed.map(({ jobId, nodeId, sha256 }) => `job ${jobId}, node ${nodeId}, ${sha256}`)).map(
      (key) => `The same picture came twice: ${key}.`,
    ),
  ];
};

export const nothingOfOthers: Rule = ({ jobs, people }) => {
  const ownerOf = new Map(jobs.map(({ id, owner }) => [id, owner]));
  return people.flatMap(({ name, results }) =>
    results
      .filter(({ jobId }) => ownerOf.get(jobId) !== name)
      .map(
        ({ filename, jobId }) => `${name} is shown ${filename}, of job ${jobId} of ${ownerOf.get(jobId) ?? 'nobody'}.`,
      ),
  );
};

/** Two attempts of a job may each have written a file: it counts once, and comes once. */
export const nothingLeftOnShare: Rule = ({ jobs, share, strays }) => {
  const made = new Map<string, Set<string>>();
  for (const { path, jobId, whole } of share) {
    const [, , dir = '', ...name] = path.split('/');
    if (!whole || jobId === null || name.length === 0) continue;
    made.set(jobId, (made.get(jobId) ?? new Set()).add(`${dir}/${name.join('/')}`));
  }
  const left = jobs.flatMap((job) => {
    const files = made.get(job.id)?.size ?? 0;
    if (job.status === 'cancelled' || files === job.results.length) return [];
    return [`${about(job)} is ${job.status}: ${files} files on the share, ${job.results.length} delivered.`];
  });
  return [...left, ...strays.map((path) => `A stray on the share: ${path}.`)];
};
