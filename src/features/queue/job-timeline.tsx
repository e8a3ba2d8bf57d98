import { filesOf } from './job-files.tsx';
import { LINK, type Story, time } from './job-story.ts';

export function JobTimeline({ job, story }: Pick<Story, 'job' | 'story'>) {
  return (
    <ol aria-label="Timeline" className="flex flex-col">
      {story.map(({ at, what, detail, resultId }, index) => (
        <li
          // biome-ignore lint/suspicious/noArrayIndexKey: what has happened keeps its place
          key={index}
          className="grid grid-cols-[4.5rem_1fr] gap-3 border-t border-line py-1.5 first:border-0"
        >
          <time dateTime={at} className="text-quiet tabular-nums">
            {time(at)}
          </time>
          <div className="min-w-0">
            {resultId === null ? (
              what
            ) : (
              <a href={fileOf(job, resultId)} className={LINK}>
                {what}
              </a>
            )}
            {detail && <Detail text={detail} />}
          </div>
        </li>
      ))}
    </ol>
  );
}

const fileOf = (job: Story['job'], resultId: string): string | undefined =>
  filesOf(job).find(({ id }) => id === resultId)?.url;

function Detail({ text }: { text: string }) {
  const isLong = text.includes('\n') || text.length > 200;
  if (!isLong) return <p className="text-quiet">{text}</p>;
  return (
    <details>
      <summary className="truncate text-quiet">{text.split('\n')[0]}</summary>
      <pre className="max-h-80 overflow-auto rounded bg-raised p-2 text-12 whitespace-pre-wrap">{text}</pre>
    </details>
  );
}
