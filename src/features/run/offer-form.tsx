import { RotateCcw } from 'lucide-react';
import { type ReactNode, useMemo, useState } from 'react';
import { fieldKey } from '#src/domain/fields/limits.ts';
import type { InputKind } from '#src/domain/files/input-kinds.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import type { RunWith } from '../results/actions/run-with.ts';
import { FieldsForm } from './fields/fields-form.tsx';
import { type FormField, randomSeeds } from './fields/form-fields.ts';
import { useAddInput } from './fields/use-add-input.ts';
import { useFields } from './fields/use-fields.ts';
import type { Offer, OfferedGraph } from './offers.ts';
import { inPlace } from './read-place.ts';
import { RunRow, useAcceptsJobs } from './run-row.tsx';
import { useDraft } from './use-draft.ts';
import { useFileDrop } from './use-file-drop.ts';
import { useOfferedGraph } from './use-offers.ts';
import type { Run } from './use-run.ts';

type Runnable = Exclude<Offer, { type: 'editor' }>;
type OfferFormProps = {
  offer: Runnable;
  run: Run;
  /** An upload that it is to be run with. */
  given?: RunWith;
  /** A workflow file was dropped instead. */
  onFile: (file: File) => void;
};

/** A workflow of the class or a sample: what can be changed in it, and Run. */
export function OfferForm({ offer, run, given, onFile }: OfferFormProps) {
  const graph = useOfferedGraph(offer);
  const [times, setTimes] = useState(0);
  return (
    <div className="flex min-h-full flex-col gap-4">
      {!graph.data && <Head offer={offer} />}
      {graph.isError && (
        <p role="alert">
          {offer.name} could not be read.{' '}
          <Button className="ml-2" onClick={() => void graph.refetch()}>
            Try again
          </Button>
        </p>
      )}
      {graph.data ? (
        <ReadyForm
          key={times}
          offer={offer}
          graph={graph.data}
          run={run}
          given={given}
          onFile={onFile}
          onReset={() => setTimes(times + 1)}
        />
      ) : (
        !graph.isError && <div aria-hidden className="h-40 rounded bg-raised" />
      )}
    </div>
  );
}

function Head({ offer: { name, makes }, children }: { offer: Runnable; children?: ReactNode }) {
  return (
    <div className="flex items-start justify-between gap-3">
      <div className="min-w-0">
        <h3 className="text-15 font-semibold wrap-anywhere">{name}</h3>
        <p className="text-quiet empty:hidden">{makes}</p>
      </div>
      {children}
    </div>
  );
}

type ReadyFormProps = Omit<OfferFormProps, 'given'> & {
  given: RunWith | null | undefined;
  graph: OfferedGraph;
  onReset: () => void;
};

function ReadyForm({ offer, graph, run, given = null, onFile, onReset }: ReadyFormProps) {
  const { preset } = offer;
  const draft = useDraft(offer.id);
  const start = useMemo(
    () => new Map([...randomSeeds(graph), ...draft.start, ...inPlace(graph, given)]),
    [graph, draft.start, given],
  );
  const form = useFields(graph, start, preset);
  const chosen = preset === null ? null : preset.fields.map(fieldKey);
  const shown = preset?.others === false ? form.fields.filter(({ key }) => chosen?.includes(key)) : form.fields;
  const isOpen = useAcceptsJobs();

  const set = (key: string, value: string | boolean): void => {
    form.set(key, value);
    draft.keep(key, value);
  };
  const submit = (): void => {
    if (!form.isValid || !isOpen) return;
    void run.run(
      offer.type === 'class'
        ? { title: offer.name, classWorkflowId: offer.id, changes: form.toSend() }
        : { title: offer.name, prompt: form.filled() },
    );
  };
  const dropped = useDropped(shown, set, onFile);

  return (
    <form
      aria-label={offer.name}
      className="flex grow flex-col gap-4 [&_:is(input,select,textarea)]:scroll-mb-24"
      onSubmit={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit();
      }}
    >
      <Head offer={offer}>
        {!draft.isEmpty && (
          <Button
            tone="quiet"
            icon={RotateCcw}
            onClick={() => {
              draft.clear();
              onReset();
            }}
          >
            Reset
          </Button>
        )}
      </Head>
      {shown.length > 0 ? (
        <FieldsForm fields={shown} chosen={chosen} onSet={set} />
      ) : (
        <p className="text-quiet">Nothing to set: press Run.</p>
      )}
      {dropped !== '' && (
        <p role="status" className="text-quiet">
          {dropped}
        </p>
      )}
      <div className="sticky -bottom-4 z-10 mt-auto -mb-4 border-t border-line bg-panel py-3 sm:bottom-0 sm:mb-0 sm:pb-0">
        <RunRow run={run} isReady={form.isValid} onRun={submit} />
      </div>
    </form>
  );
}

const kindOf = ({ type }: File): InputKind | null => {
  const [kind] = type.split('/');
  return kind === 'image' || kind === 'video' || kind === 'audio' ? kind : null;
};

/** Puts a file that is dropped anywhere into the first field that lacks one of its kind, or the first of its kind. In words, what became of it. */
function useDropped(
  fields: readonly FormField[],
  set: (key: string, value: string) => void,
  onFile: (file: File) => void,
): string {
  const files = fields.filter(({ kind }) => kind === 'file');
  const [unused, setUnused] = useState<string | null>(null);
  const adding = useAddInput();
  const isOver = useFileDrop((dropped) => {
    const [file] = dropped;
    if (!file || files.length === 0) return;
    const kind = kindOf(file);
    if (kind === null) return onFile(file);
    const fitting = files.filter(({ media }) => media === null || media === kind);
    const field = fitting.find(({ why }) => why !== null) ?? fitting[0];
    setUnused(field ? null : file.name);
    if (field) void adding.add(file, (name) => set(field.key, name));
  }, files.length > 0);
  if (isOver) return 'Drop the file to use it here.';
  if (unused !== null) return `Not added: ${unused}. This workflow has no place for such a file.`;
  if (adding.state.type === 'adding') return `Adding ${adding.state.name}`;
  return adding.state.type === 'refused' ? adding.state.why : '';
}
