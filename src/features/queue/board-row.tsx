import { ArrowUpToLine, RotateCcw, Undo2, X } from 'lucide-react';
import Link from 'next/link';
import type { MouseEvent } from 'react';
import { clock, ordinal } from '#src/domain/measures.ts';
import { phaseName } from '#src/domain/messages/phase-words.ts';
import { IconButton } from '#src/ui/buttons/button.tsx';
import { RowCheckbox } from '#src/ui/tables/row-checkbox.tsx';
import { moment } from '#src/ui/time/moment.ts';
import { useNow } from '#src/ui/time/use-now.ts';
import { onServerClock } from '../api-client/server-clock.ts';
import type { Row } from './use-board.ts';
import type { JobActions } from './use-job-actions.ts';

export const COLUMNS: readonly { name: string; hidden?: boolean; className?: string }[] = [
  { name: 'Select', hidden: true, className: 'w-8' },
  { name: 'Position', className: 'text-right' },
  { name: 'Owner' },
  { name: 'Title' },
  { name: 'State' },
  { name: 'Duration or end', className: 'text-right' },
  { name: 'Endpoint' },
  { name: 'Attempts', className: 'text-right' },
  { name: 'Actions', hidden: true, className: 'w-20' },
];

const CELL = 'px-2 py-0';
/** The height of its buttons plus the border. */
const LINE = 'h-[33px] border-t border-line pointer-coarse:h-[41px]';
export const lineHeight = (): number => (matchMedia('(pointer: coarse)').matches ? 41 : 33);

/** When a job that has ended did so, else for how long its phase has lasted. */
function Since({ row }: { row: Row }) {
  const now = onServerClock(useNow());
  if (row.endedAt === null) return clock(now - Date.parse(row.phaseSince));
  return moment(new Date(row.endedAt), new Date(now));
}

const stateOf = (row: Row): string =>
  row.phase === 'failed' && row.reason ? `Failed: ${row.reason.replaceAll('_', ' ')}` : phaseName(row);

type BoardRowProps = {
  index: number;
  /** Not read yet. */
  row: Row | undefined;
  selected: boolean;
  onPress: (index: number, id: string, event: MouseEvent) => void;
  actions: JobActions;
};

export function BoardRow({ index, row, selected, onPress, actions }: BoardRowProps) {
  if (!row)
    return (
      <tr aria-rowindex={index + 2} className={LINE}>
        <td colSpan={COLUMNS.length} className="px-2">
          <span className="block h-3 w-1/3 rounded bg-raised" />
        </td>
      </tr>
    );
  const title = row.title || 'Untitled';
  const name = `${title} of ${row.owner}`;
  const isOver = row.phase === 'cancelled' || row.endedAt !== null;
  return (
    <tr
      aria-rowindex={index + 2}
      aria-label={name}
      className={`${LINE} ${selected ? 'bg-raised' : 'hover:bg-raised/50'}`}
    >
      <td className={CELL}>
        <RowCheckbox
          label={`Select ${name}`}
          checked={selected}
          onChange={() => undefined}
          onClick={(event) => onPress(index, row.id, event)}
        />
      </td>
      <td className={`${CELL} text-right tabular-nums`}>
        {row.position !== null && ordinal(row.position)}
        {row.status === 'queued' && row.priority > 0 && <span className="text-accent"> front</span>}
      </td>
      <td className={CELL}>
        <span title={row.owner} className="block max-w-40 truncate">
          {row.owner}
        </span>
      </td>
      <td className={CELL}>
        <Link
          href={`/admin/jobs/${row.id}`}
          prefetch={false}
          title={title}
          className="block max-w-60 truncate underline pointer-coarse:leading-10 decoration-line underline-offset-2 hover:decoration-text"
        >
          {title}
        </Link>
      </td>
      <td className={CELL}>
        <span title={row.message ?? undefined} className={row.phase === 'failed' ? 'text-failed' : undefined}>
          {stateOf(row)}
        </span>
      </td>
      <td className={`${CELL} text-right tabular-nums`}>
        <Since row={row} />
      </td>
      <td className={CELL}>{row.endpoint}</td>
      <td className={`${CELL} text-right tabular-nums`}>{row.attempts}</td>
      <td className={CELL}>
        <span className="flex justify-end">
          {row.status === 'queued' &&
            (row.priority > 0 ? (
              <IconButton icon={Undo2} label={`Normal priority: ${name}`} onClick={() => actions.toNormal([row.id])} />
            ) : (
              <IconButton
                icon={ArrowUpToLine}
                label={`Move to front: ${name}`}
                onClick={() => actions.toFront([row.id])}
              />
            ))}
          {isOver && !row.warmUp && (
            <IconButton
              icon={RotateCcw}
              label={`Run again: ${name}`}
              disabled={row.endedAt === null}
              onClick={() => actions.retry([row.id])}
            />
          )}
          {!isOver && <IconButton icon={X} label={`Cancel ${name}`} onClick={() => actions.cancel([row.id])} />}
        </span>
      </td>
    </tr>
  );
}
