import { ArrowDown, ArrowUp } from 'lucide-react';
import type { ReactNode } from 'react';
import { join } from '../join.ts';

type Column = {
  readonly name: string;
  readonly figures?: boolean;
  readonly hidden?: boolean;
  /** Shown in place of the name. */
  readonly control?: ReactNode;
  /** Makes the header a button that sorts; `sorted` is the current order. */
  readonly onSort?: () => void;
  readonly sorted?: 'ascending' | 'descending' | undefined;
};

/** A dense table: rows of 32 px, a head that stays, figures to the right. */
export function Table({
  label,
  columns,
  children,
}: {
  label: string;
  columns: readonly Column[];
  children: ReactNode;
}) {
  return (
    <div
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      className="max-h-[70dvh] overflow-auto rounded border border-line bg-panel"
    >
      <table aria-label={label} className="w-full border-collapse text-left whitespace-nowrap">
        <thead className="sticky top-0 z-10 bg-panel">
          <tr className="h-8 border-b border-line">
            {columns.map(({ name, figures, hidden, control, onSort, sorted }) => (
              <th
                key={name}
                scope="col"
                aria-sort={sorted}
                className={join('px-3 text-12 font-normal text-quiet', figures && 'text-right')}
              >
                {control ? (
                  control
                ) : hidden ? (
                  <span className="sr-only">{name}</span>
                ) : onSort ? (
                  <button
                    type="button"
                    onClick={onSort}
                    className={join(
                      'inline-flex items-center gap-1 align-top hover:text-text pointer-coarse:min-h-10',
                      figures && 'flex-row-reverse',
                    )}
                  >
                    {name}
                    {sorted === 'descending' ? (
                      <ArrowDown size={12} aria-hidden />
                    ) : (
                      <ArrowUp size={12} aria-hidden className={join(!sorted && 'opacity-0')} />
                    )}
                  </button>
                ) : (
                  name
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="[&>tr]:h-8 [&>tr+tr]:border-t [&>tr]:border-line">{children}</tbody>
      </table>
    </div>
  );
}

export function Cell({ figures = false, children }: { figures?: boolean; children?: ReactNode }) {
  return <td className={join('px-3', figures && 'text-right tabular-nums')}>{children}</td>;
}
