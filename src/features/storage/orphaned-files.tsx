import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { FileSearch } from 'lucide-react';
import { useState } from 'react';
import { ago, counted, fileSize } from '#src/domain/measures.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { CheckField, SelectField } from '#src/ui/forms/field.tsx';
import { RowCheckbox } from '#src/ui/tables/row-checkbox.tsx';
import { Cell, Table } from '#src/ui/tables/table.tsx';
import { notify, notifyFailure } from '#src/ui/toasts/notify.ts';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC } from '../api-client/trpc.ts';
import { OrphanedFilePreview } from './orphaned-file-preview.tsx';

const COLUMNS = [
  { name: 'Select', hidden: true },
  { name: 'Picture', hidden: true },
  { name: 'File' },
  { name: 'Size', figures: true },
  { name: 'Modified', figures: true },
];

/** Scans the whole share, so only on demand. */
export function OrphanedFiles() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const found = useQuery(
    trpc.admin.storage.strays.queryOptions(undefined, {
      enabled: false,
      gcTime: 0,
      staleTime: Number.POSITIVE_INFINITY,
    }),
  );
  const people = useQuery(trpc.admin.storage.people.queryOptions(undefined, { enabled: found.data !== undefined }));
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [withIgnored, setWithIgnored] = useState(false);
  const [owner, setOwner] = useState('');
  const outcome = {
    onSettled: () => {
      setChosen(new Set());
      void found.refetch();
    },
    onError: (error: unknown) => {
      notifyFailure(failureOf(error).sentence);
    },
  };
  const setIgnored = useMutation(trpc.admin.storage.setIgnored.mutationOptions(outcome));
  const give = useMutation(
    trpc.admin.storage.give.mutationOptions({
      ...outcome,
      onSuccess: ({ given, failed }, { id }) => {
        const name = people.data?.find((one) => one.id === id)?.name ?? '';
        if (given > 0) notify(`${counted(given, 'file')} assigned to ${name}.`);
        if (failed[0]) notifyFailure(`${counted(failed.length, 'file')} could not be assigned: ${failed[0].why}`);
        void queryClient.invalidateQueries(trpc.admin.storage.people.queryFilter());
      },
    }),
  );
  const now = new Date();
  const files = found.data?.strays ?? [];
  const shown = files.filter(({ ignored }) => withIgnored || !ignored);
  const paths = shown.filter(({ path }) => chosen.has(path)).map(({ path }) => path);
  const allIgnored = paths.length > 0 && shown.every(({ path, ignored }) => ignored || !chosen.has(path));
  const isBusy = setIgnored.isPending || give.isPending;

  const choose = (path: string, on: boolean): void => {
    const next = new Set(chosen);
    if (on) next.add(path);
    else next.delete(path);
    setChosen(next);
  };
  function ignore(): void {
    const ignored = !allIgnored;
    setIgnored.mutate(
      { paths, ignored },
      {
        onSuccess: () =>
          notify(`${counted(paths.length, 'file')} ${ignored ? 'ignored' : 'no longer ignored'}.`, {
            label: 'Undo',
            onClick: () => setIgnored.mutate({ paths, ignored: !ignored }),
          }),
      },
    );
  }

  return (
    <section aria-labelledby="orphaned" className="flex flex-col items-start gap-3">
      <h2 id="orphaned" className="text-15 font-semibold">
        Orphaned files
      </h2>
      <Button icon={FileSearch} disabled={found.isFetching} onClick={() => void found.refetch()}>
        Find orphaned files
      </Button>
      <div role="status" className="empty:hidden">
        {found.isFetching && <p className="text-quiet">Scanning the share</p>}
        {found.isError && !found.isFetching && <p>{failureOf(found.error).sentence}</p>}
        {found.data && !found.isFetching && <p>{foundWords({ files: shown, more: found.data.more })}</p>}
      </div>
      {files.some(({ ignored }) => ignored) && (
        <CheckField
          label="Show ignored files"
          hint="Including files already assigned to somebody."
          checked={withIgnored}
          onChange={(event) => setWithIgnored(event.target.checked)}
        />
      )}
      {shown.length > 0 && (
        <>
          <div className="flex flex-wrap items-end gap-3">
            <Button
              tone="quiet"
              onClick={() => setChosen(new Set(paths.length === shown.length ? [] : shown.map(({ path }) => path)))}
            >
              {paths.length === shown.length ? 'Clear selection' : 'Select all'}
            </Button>
            <SelectField label="Assign to" value={owner} onChange={(event) => setOwner(event.target.value)}>
              <option value="">Choose a participant</option>
              {people.data?.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </SelectField>
            <Button
              disabled={isBusy || owner === '' || paths.length === 0}
              onClick={() => give.mutate({ id: owner, paths })}
            >
              {paths.length === 0 ? 'Assign' : `Assign ${counted(paths.length, 'file')}`}
            </Button>
            <Button disabled={isBusy || paths.length === 0} onClick={ignore}>
              {allIgnored ? 'Stop ignoring' : 'Ignore'}
            </Button>
          </div>
          <div className="w-full">
            <Table label="Orphaned files" columns={COLUMNS}>
              {shown.map(({ path, bytes, changedAt, ignored }) => (
                <tr key={path}>
                  <Cell>
                    <RowCheckbox
                      label={`Select ${path}`}
                      checked={chosen.has(path)}
                      onChange={(event) => choose(path, event.target.checked)}
                    />
                  </Cell>
                  <Cell>
                    <OrphanedFilePreview path={path} />
                  </Cell>
                  <Cell>
                    <span className={ignored ? 'text-quiet' : undefined}>{path.slice(path.lastIndexOf('/') + 1)}</span>{' '}
                    <span className="text-12 text-quiet">{path.slice(0, path.lastIndexOf('/'))}</span>
                  </Cell>
                  <Cell figures>{fileSize(bytes)}</Cell>
                  <Cell figures>{ago(new Date(changedAt), now)}</Cell>
                </tr>
              ))}
            </Table>
          </div>
        </>
      )}
    </section>
  );
}

type Found = { readonly files: readonly { readonly bytes: number }[]; readonly more: boolean };

export function foundWords({ files, more }: Found): string {
  if (files.length === 0)
    return more ? 'No orphaned files in the folders scanned so far; there are more folders.' : 'No orphaned files.';
  const size = fileSize(files.reduce((sum, { bytes }) => sum + bytes, 0));
  return `${counted(files.length, 'file')}, ${size}.${more ? ' There are more: remove these and scan again.' : ''}`;
}
