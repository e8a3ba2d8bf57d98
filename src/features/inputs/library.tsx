import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { ImageUp, X } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { InputView } from '#src/api/present-input.ts';
import { INPUT_KINDS, type InputKind } from '#src/domain/files/input-kinds.ts';
import { counted, fileSize } from '#src/domain/measures.ts';
import { Button, IconButton } from '#src/ui/buttons/button.tsx';
import { Pick } from '#src/ui/forms/filter-controls.tsx';
import { SearchField } from '#src/ui/forms/search-field.tsx';
import { useTypedText } from '#src/ui/forms/use-typed.ts';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC, useTRPCClient } from '../api-client/trpc.ts';
import { openRunWith } from '../results/actions/run-with.ts';
import { useFileDrop } from '../run/use-file-drop.ts';
import { useFilePaste } from '../run/use-file-paste.ts';
import { useDelayedDelete } from '../undo/use-delayed-delete.ts';
import { AddFiles } from './add-files.tsx';
import { DeleteQuestion } from './delete-question.tsx';
import { InputTile, KINDS } from './input-tile.tsx';
import { GRID, Skeleton } from './skeleton.tsx';
import { useUploading } from './use-uploading.ts';

const PAGE = 60;

/** One's uploads, with search, and what can be done with them. */
export function Library() {
  const trpc = useTRPC();
  const [words, setWords] = useState('');
  const [typed, setTyped] = useTypedText(words, setWords);
  const [kind, setKind] = useState<InputKind | null>(null);
  const list = useInfiniteQuery(
    trpc.inputs.list.infiniteQueryOptions(
      { limit: PAGE, words, ...(kind !== null && { kind }) },
      { getNextPageParam: ({ nextCursor }) => nextCursor, placeholderData: (before) => before },
    ),
  );
  const total = useQuery(trpc.inputs.total.queryOptions()).data;
  const { uploading, add, drop } = useUploading();
  const over = useFileDrop((files) => void add(files));
  useFilePaste((files) => void add(files));
  const all = list.data?.pages.flatMap(({ items }) => items);
  const isNarrowed = words !== '' || kind !== null;

  return (
    <>
      <Quota total={total} />
      <div className="flex flex-wrap items-center gap-2">
        {(total === undefined || total.files > 0) && (
          <search aria-label="Find inputs" className="flex grow flex-wrap items-center gap-2">
            <SearchField label="Search by name" value={typed} onChange={setTyped} />
            <Pick
              label="Kind"
              all="All kinds"
              value={kind}
              options={INPUT_KINDS.map((one) => ({ value: one, name: `${KINDS[one]}s` }))}
              onPick={(picked) => setKind(INPUT_KINDS.find((one) => one === picked) ?? null)}
            />
          </search>
        )}
        <div className="flex gap-2 sm:ml-auto">
          <AddFiles onFiles={(files) => void add(files)} />
        </div>
      </div>
      {uploading.length > 0 && (
        <ul aria-label="Uploading" className="flex flex-col gap-1">
          {uploading.map(({ key, name, why }) => (
            <li key={key} className="flex items-center gap-2 rounded border border-line bg-panel px-3 py-1">
              {why === null ? (
                <span role="status" className="truncate text-quiet">
                  Uploading <span className="font-semibold text-text">{name}</span>
                </span>
              ) : (
                <span role="alert" className="min-w-0 text-failed">
                  {why}
                </span>
              )}
              {why !== null && (
                <span className="ml-auto">
                  <IconButton icon={X} label={`Hide ${name}`} onClick={() => drop(key)} />
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
      {list.isError && <p role="alert">{failureOf(list.error).sentence}</p>}
      {!all && !list.isError && <Skeleton />}
      {all && all.length > 0 && <Tiles inputs={all} onReplace={(file, id) => void add([file], id)} />}
      {all?.length === 0 && (isNarrowed ? <p className="text-15">Nothing found.</p> : <Empty />)}
      {list.hasNextPage && (
        <Button className="self-center" disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {list.isFetchingNextPage ? 'Loading more' : 'Show more'}
        </Button>
      )}
      {over && (
        <p className="pointer-events-none fixed inset-2 z-50 flex items-center justify-center rounded border-2 border-dashed border-accent bg-page/85 text-20">
          Drop files to add them to your Inputs
        </p>
      )}
    </>
  );
}

type TilesProps = { inputs: readonly InputView[]; onReplace: (file: File, id: string) => void };

function Tiles({ inputs, onReplace }: TilesProps) {
  const client = useTRPCClient();
  const router = useRouter();
  const { gone, take } = useDelayedDelete();
  const [asking, setAsking] = useState<InputView | null>(null);
  const remove = ({ id, name }: InputView): void => {
    setAsking(null);
    take(id, `${name} deleted.`, () => client.inputs.remove.mutate({ ids: [id] }));
  };
  return (
    <>
      <ul aria-label="Inputs" className={GRID}>
        {inputs
          .filter(({ id }) => !gone.has(id))
          .map((input) => (
            <InputTile
              key={input.id}
              input={input}
              onUse={() => {
                openRunWith({ inputName: input.name, media: input.kind });
                router.push('/');
              }}
              onReplace={(file) => onReplace(file, input.id)}
              onDelete={() => (input.usedByAlive > 0 ? setAsking(input) : remove(input))}
            />
          ))}
      </ul>
      {asking && <DeleteQuestion input={asking} onDelete={() => remove(asking)} onClose={() => setAsking(null)} />}
    </>
  );
}

function Quota({ total }: { total: { files: number; bytes: number; maxBytes: number } | undefined }) {
  if (!total) return <p className="min-h-5" />;
  const used = `${fileSize(total.bytes)} of ${fileSize(total.maxBytes)}`;
  return (
    <div className="flex flex-wrap items-center gap-x-3 text-quiet tabular-nums">
      <p>{`${counted(total.files, 'file')}, ${used}`}</p>
      <div aria-hidden className="h-1 w-24 overflow-hidden rounded-full bg-line">
        <div className="h-full bg-text" style={{ width: `${Math.min(100, (total.bytes / total.maxBytes) * 100)}%` }} />
      </div>
    </div>
  );
}

function Empty() {
  return (
    <div className="flex flex-col items-start gap-3 rounded border border-dashed border-line p-6">
      <ImageUp size={24} aria-hidden className="text-quiet" />
      <p className="max-w-prose text-15">
        Pictures, films and sounds for your workflows. Drop them anywhere on this page, paste them, or press Upload. Use
        as input, in the menu of a result, brings results here too.
      </p>
    </div>
  );
}
