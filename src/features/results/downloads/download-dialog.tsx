import { useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { counted, fileSize } from '#src/domain/measures.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { Dialog } from '#src/ui/dialogs/dialog.tsx';
import { CheckField } from '#src/ui/forms/field.tsx';
import { failureOf } from '../../api-client/failure.ts';
import { useTRPC } from '../../api-client/trpc.ts';
import type { DownloadScope } from './open-dialog.ts';
import type { Choice } from './prepare-archive.ts';
import { startedText, usePrepared } from './use-prepared.ts';

/** What was counted when the dialog was last open may have changed. */
const AS_IT_IS = { staleTime: 0 };

type What = 'selected' | 'found' | 'everything';
type Amount = { files: number; bytes: number };

type DownloadDialogProps = DownloadScope & { onClose: () => void };

const INSIDE = [
  ['Your files', 'original files, one folder per day'],
  ['Contact sheets', 'printable thumbnails with file names'],
  ['Parameters', 'prompt, model, seed and more, as CSV and JSON'],
  ['Workflows', 'to open in ComfyUI'],
] as const;

/** Chooses what goes into one zip file, has it prepared, and downloads it. */
export function DownloadDialog({ selected, filter, onClose }: DownloadDialogProps) {
  const trpc = useTRPC();
  const first: What = selected.length > 0 ? 'selected' : filter ? 'found' : 'everything';
  const [what, setWhat] = useState<What>(first);
  const [withRejected, setWithRejected] = useState(filter !== null && filter.rejected === undefined);
  const { state, start } = usePrepared();
  const onlyRejected = filter?.rejected === true;
  const everything = { rejected: withRejected ? undefined : false };
  const narrowed = onlyRejected ? filter : { ...filter, ...everything };
  const all = useQuery(trpc.results.size.queryOptions(everything, AS_IT_IS));
  const found = useQuery(trpc.results.size.queryOptions(narrowed, { ...AS_IT_IS, enabled: filter !== null }));
  const amounts: Record<What, Amount | undefined> = {
    selected: { files: selected.length, bytes: selected.reduce((sum, { bytes }) => sum + bytes, 0) },
    found: found.data,
    everything: all.data,
  };
  const amount = amounts[what];
  const choice: Choice =
    what === 'selected'
      ? { type: 'selected', ids: selected.map(({ id }) => id) }
      : { type: 'found', filter: what === 'found' ? narrowed : everything };
  const error = state.type === 'failed' ? state.sentence : all.isError ? failureOf(all.error).sentence : null;

  return (
    <Dialog title="Download" description="One zip file with your results." onClose={onClose}>
      <div className="flex flex-col gap-6">
        <fieldset className="flex flex-col">
          <legend className="sr-only">What to download</legend>
          {selected.length > 0 && (
            <Option value="selected" what={what} onChoose={setWhat} amount={amounts.selected}>
              Selected results
            </Option>
          )}
          {filter && (
            <Option value="found" what={what} onChoose={setWhat} amount={amounts.found}>
              Filtered results
            </Option>
          )}
          <Option value="everything" what={what} onChoose={setWhat} amount={amounts.everything}>
            All results
          </Option>
        </fieldset>
        {what !== 'selected' && !(what === 'found' && onlyRejected) && (
          <CheckField
            label="Include rejected results"
            hint="They are left out otherwise."
            checked={withRejected}
            onChange={(event) => setWithRejected(event.currentTarget.checked)}
          />
        )}
        <section aria-labelledby="inside">
          <h3 id="inside" className="font-semibold">
            Contents
          </h3>
          <dl className="mt-1">
            {INSIDE.map(([name, words]) => (
              <div key={name} className="flex gap-3 border-t border-line py-1.5">
                <dt className="w-28 shrink-0">{name}</dt>
                <dd className="text-quiet">{words}</dd>
              </div>
            ))}
          </dl>
        </section>
        <p role="alert" className="text-failed empty:hidden">
          {error}
        </p>
        <div className="flex flex-col gap-2">
          <Button
            tone="accent"
            icon={Download}
            className="min-h-12 text-15"
            disabled={state.type === 'preparing' || amount === undefined || amount.files === 0}
            onClick={() => start(choice)}
          >
            {state.type === 'preparing'
              ? 'Preparing'
              : amount?.files
                ? `Download ${fileSize(amount.bytes)}`
                : 'Download'}
          </Button>
          <p role="status" className="min-h-5 text-quiet">
            {amount?.files === 0 && 'Nothing to download here.'}
            {state.type === 'preparing' && 'Contact sheets with many pictures take a moment.'}
            {state.type === 'started' && startedText(state.archive)}
          </p>
        </div>
      </div>
    </Dialog>
  );
}

type OptionProps = {
  value: What;
  what: What;
  onChoose: (what: What) => void;
  amount: Amount | undefined;
  children: ReactNode;
};

function Option({ value, what, onChoose, amount, children }: OptionProps) {
  return (
    <label className="flex min-h-10 items-center gap-3 border-b border-line">
      <input
        type="radio"
        name="download"
        value={value}
        checked={what === value}
        onChange={() => onChoose(value)}
        className="size-4 accent-accent"
      />
      <span className="grow">{children}</span>
      <span className="text-quiet tabular-nums">
        {amount && `${counted(amount.files, 'file')} · ${fileSize(amount.bytes)}`}
      </span>
    </label>
  );
}
