import type { inferRouterOutputs } from '@trpc/server';
import type { AppRouter } from '#src/api/app/router.ts';
import { moment } from '#src/ui/time/moment.ts';
import { LevelLabel, SOURCE_WORDS } from './level-label.tsx';

export type LogEntryView = inferRouterOutputs<AppRouter>['admin']['clientLogs']['list']['items'][number];

export function LogEntry({ entry, now, isOpen }: { entry: LogEntryView; now: Date; isOpen: boolean }) {
  const { user, at, level, message, stack, source, page, browser, count } = entry;
  return (
    <li className="flex flex-col gap-1 px-3 py-2">
      <p className="flex flex-wrap gap-x-3 text-12 text-quiet">
        <span className="tabular-nums">{moment(new Date(at), now)}</span>
        <span className="text-text">{user.name}</span>
        <span>{`${SOURCE_WORDS[source]} ${page}`}</span>
        <span>{browser}</span>
        {count > 1 && <span className="tabular-nums">{`${count} times`}</span>}
      </p>
      <div className="flex items-start gap-3">
        <span className="shrink-0">
          <LevelLabel level={level} />
        </span>
        <p className="min-w-0 break-words whitespace-pre-wrap">{message}</p>
      </div>
      {stack && (
        <details open={isOpen}>
          <summary className="w-fit cursor-pointer text-12 text-quiet">Stack</summary>
          <pre className="overflow-x-auto rounded bg-field p-2 text-12 whitespace-pre">{stack}</pre>
        </details>
      )}
    </li>
  );
}
