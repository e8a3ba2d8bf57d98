import { useState } from 'react';
import { join } from '#src/ui/join.ts';
import type { Detail } from '../viewer/parameters/facts.ts';
import { ownWords, PROSE, type Row } from './differences.ts';
import { LETTERS } from './pane.tsx';

/** What the results were made with, side by side; what differs is marked. */
export function DifferenceTable({ details, rows }: { details: readonly Detail[]; rows: readonly Row[] }) {
  const [all, setAll] = useState(false);
  const shown = all ? rows : rows.filter(({ differs }) => differs);
  return (
    <>
      <label className="flex min-h-8 items-center gap-2 pointer-coarse:min-h-10">
        <input type="checkbox" checked={all} onChange={() => setAll(!all)} className="size-4 accent-accent" />
        Show identical settings
      </label>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: keys must be able to scroll it */}
      <section aria-label="Differences" tabIndex={0} className="min-h-0 grow overflow-auto rounded">
        <table className="w-full border-collapse text-left align-top tabular-nums">
          <thead className="sticky top-0 bg-panel text-quiet">
            <tr>
              <th scope="col" className="w-36 py-1 pr-3 font-normal max-sm:w-24">
                Setting
              </th>
              {details.map(({ result }, at) => (
                <th key={result.id} scope="col" className="py-1 pr-3 font-semibold text-text">
                  {LETTERS[at]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <TableRow key={row.name} row={row} />
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}

function TableRow({ row: { name, values, differs } }: { row: Row }) {
  return (
    <tr className="border-t border-line">
      <th scope="row" className={join('py-1 pr-3 align-top font-normal', differs ? 'text-text' : 'text-quiet')}>
        {differs && (
          <>
            <span aria-hidden className="mr-1.5 inline-block size-2 rounded-full bg-accent" />
            <span className="sr-only">Differs: </span>
          </>
        )}
        {name}
      </th>
      {values.map((value, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the columns are the results, in their order
        <td key={at} className="min-w-24 py-1 pr-3 align-top whitespace-pre-wrap">
          {value === null ? (
            <span className="text-quiet">none</span>
          ) : PROSE.has(name) && differs ? (
            <Marked
              text={value}
              other={values.find((one, other) => other !== at && one !== null && one !== value) ?? value}
            />
          ) : (
            value
          )}
        </td>
      ))}
    </tr>
  );
}

function Marked({ text, other }: { text: string; other: string }) {
  return ownWords(text, other).map((piece, at) =>
    piece.own ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces of a text have no identity
      <mark key={at} className="rounded bg-accent px-0.5 text-on-accent">
        {piece.text}
      </mark>
    ) : (
      piece.text
    ),
  );
}
