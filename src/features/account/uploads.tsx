import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ago, counted, fileSize } from '#src/domain/measures.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { notifyFailure } from '#src/ui/toasts/notify.ts';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC } from '../api-client/trpc.ts';

/** Files uploaded for workflows, with a button to delete them. */
export function Uploads() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const total = useQuery(trpc.inputs.total.queryOptions());
  const list = useInfiniteQuery(
    trpc.inputs.list.infiniteQueryOptions({}, { getNextPageParam: ({ nextCursor }) => nextCursor }),
  );
  const readAgain = (): void => {
    void queryClient.invalidateQueries(trpc.inputs.total.queryFilter());
    void queryClient.invalidateQueries(trpc.inputs.list.infiniteQueryFilter());
  };
  const uploads = list.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <section aria-labelledby="uploads" className="flex flex-col gap-3">
      <div>
        <h2 id="uploads" className="text-15 font-semibold">
          Uploads
        </h2>
        <p className="text-quiet">
          Files that your workflows use.
          {total.data &&
            ` ${counted(total.data.files, 'file')}, ${fileSize(total.data.bytes)} of ${fileSize(total.data.maxBytes)}.`}
        </p>
      </div>
      {list.isError && <p role="alert">{failureOf(list.error).sentence}</p>}
      {uploads.length > 0 && (
        <ul aria-label="Uploads" className="border-t border-line">
          {uploads.map((upload) => (
            <Upload key={upload.id} upload={upload} onDeleted={readAgain} />
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <Button className="self-start" disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          Show more
        </Button>
      )}
    </section>
  );
}

type UploadProps = {
  upload: { readonly id: string; readonly name: string; readonly bytes: number; readonly createdAt: string };
  onDeleted: () => void;
};

function Upload({ upload: { id, name, bytes, createdAt }, onDeleted }: UploadProps) {
  const trpc = useTRPC();
  const [sure, setSure] = useState(false);
  const remove = useMutation(
    trpc.inputs.remove.mutationOptions({
      onSettled: onDeleted,
      onError: (error) => notifyFailure(failureOf(error).sentence),
    }),
  );
  return (
    <li aria-label={name} className="flex min-h-10 flex-wrap items-center gap-x-3 border-b border-line">
      <span className="font-semibold wrap-anywhere">{name}</span>
      <span className="grow text-quiet">
        {fileSize(bytes)}, {ago(new Date(createdAt), new Date())}
      </span>
      {sure ? (
        <span className="flex gap-1">
          <Button tone="quiet" onClick={() => setSure(false)}>
            Keep
          </Button>
          <Button autoFocus disabled={remove.isPending} onClick={() => remove.mutate({ ids: [id] })}>
            Delete permanently
          </Button>
        </span>
      ) : (
        <Button tone="quiet" onClick={() => setSure(true)}>
          Delete
        </Button>
      )}
    </li>
  );
}
