import { useEffect, useMemo, useRef } from 'react';
import type { Graph } from '#src/domain/workflow/graph.ts';
import { takeFocus } from '#src/ui/dialogs/take-focus.ts';
import type { RunWith } from '../results/actions/run-with.ts';
import { FieldsForm } from './fields/fields-form.tsx';
import { useFields } from './fields/use-fields.ts';
import { inPlace } from './read-place.ts';
import { RunRow } from './run-row.tsx';
import type { Run } from './use-run.ts';

type PlaceFormProps = { title: string; graph: Graph; given: RunWith; run: Run };

/** The form of a job's workflow with an upload in its first place for one. */
export function PlaceForm({ title, graph, given, run }: PlaceFormProps) {
  const start = useMemo(() => inPlace(graph, given), [graph, given]);
  const fields = useFields(graph, start);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => takeFocus(form.current?.querySelector<HTMLElement>('textarea, input, [data-run]:enabled')), []);
  const submit = (): void => {
    if (fields.isValid) void run.run({ title, prompt: fields.filled() });
  };
  return (
    <form
      ref={form}
      aria-label={title}
      className="flex flex-col gap-4"
      onSubmit={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit();
      }}
    >
      <FieldsForm fields={fields.fields} onSet={fields.set} />
      <RunRow run={run} isReady={fields.isValid} onRun={submit} />
    </form>
  );
}
