import { useEffect, useRef } from 'react';
import type { InputKind } from '#src/domain/files/inputs.ts';
import type { Graph } from '#src/domain/workflow/graph.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { takeFocus } from '#src/ui/dialogs/take-focus.ts';
import { FieldsForm } from '../fields/fields-form.tsx';
import { fieldKey, useFields } from '../fields/use-fields.ts';
import { RunRow } from '../run-row.tsx';
import type { Run } from '../use-run.ts';
import { placeFor } from './read-place.ts';

type PlaceFormProps = {
  title: string;
  graph: Graph;
  inputName: string;
  media: InputKind;
  run: Run;
  onBack: () => void;
};

/** The form of a workflow with an upload in its first place for one. */
export function PlaceForm({ title, graph, inputName, media, run, onBack }: PlaceFormProps) {
  const place = placeFor(graph, media);
  const fields = useFields(graph, new Map(place ? [[fieldKey(place), inputName]] : []));
  const form = useRef<HTMLDivElement>(null);
  useEffect(() => takeFocus(form.current?.querySelector<HTMLElement>('textarea, input, [data-run]:enabled')), []);
  return (
    <div ref={form} className="flex flex-col gap-4">
      <h3 className="text-15 font-semibold">{title}</h3>
      <FieldsForm fields={fields.fields} onSet={fields.set} />
      <RunRow run={run} isReady={fields.isValid} onRun={() => void run.run({ title, prompt: fields.filled() })}>
        <Button onClick={onBack}>Other workflows</Button>
      </RunRow>
    </div>
  );
}
