import { useQuery } from '@tanstack/react-query';
import { fileSize } from '#src/domain/measures.ts';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC } from '../api-client/trpc.ts';

/** Below this share of free space the bar turns red. */
const LOW_SHARE = 0.1;

export function FreeSpace() {
  const trpc = useTRPC();
  const rooms = useQuery(trpc.admin.storage.rooms.queryOptions());
  return (
    <section aria-label="Free space" className="grid min-h-20 gap-3 sm:grid-cols-3">
      {rooms.isError && <p role="alert">{failureOf(rooms.error).sentence}</p>}
      {rooms.data?.map(({ what, dir, free, total }) => (
        <div key={dir} className="min-w-0 rounded border border-line bg-panel p-3">
          <p className="flex justify-between gap-3">
            <span className="font-semibold">{what}</span>
            <span className="tabular-nums">{free === null ? 'not known' : `${fileSize(free)} free`}</span>
          </p>
          {free !== null && total !== null && total > 0 && (
            <div aria-hidden className="my-2 h-1.5 overflow-hidden rounded-full bg-raised">
              <div
                className={free / total < LOW_SHARE ? 'h-full bg-failed' : 'h-full bg-quiet'}
                style={{ width: `${Math.round((1 - free / total) * 100)}%` }}
              />
            </div>
          )}
          <p className="truncate text-12 text-quiet" title={dir}>
            {total === null ? dir : `of ${fileSize(total)} · ${dir}`}
          </p>
        </div>
      ))}
    </section>
  );
}
