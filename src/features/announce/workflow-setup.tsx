import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useMemo, useState } from 'react';
import { fieldsOf } from '#src/domain/fields/fields-of.ts';
import { fieldKey } from '#src/domain/fields/limits.ts';
import { MAX_PRESET, type Preset } from '#src/domain/fields/preset.ts';
import { parseGraphJson } from '#src/domain/workflow/graph-json.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { Dialog } from '#src/ui/dialogs/dialog.tsx';
import { CheckField, TextField } from '#src/ui/forms/field.tsx';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC } from '../api-client/trpc.ts';
import { isUsual } from '../run/fields/fields-form.tsx';
import { apiWorkflow } from '../run/read/read-workflow.ts';
import { PresetFields } from './preset-fields.tsx';
import { limitsFault, NO_LIMITS, type TypedLimits, toPreset, typedLimits } from './preset-form.ts';
import { SamplePicture } from './sample-picture.tsx';

type Workflow = {
  readonly id: string;
  readonly name: string;
  readonly canRun: boolean;
  readonly makes: string | null;
  readonly preset: Preset | null;
  readonly pictureUrl: string | null;
};

/** What the class sees of a workflow in the Run dialog: its picture, a line, and the form. */
export function WorkflowSetup({ workflow, onClose }: { workflow: Workflow; onClose: () => void }) {
  const { id, name, canRun, preset } = workflow;
  const trpc = useTRPC();
  const graph = useQuery({ ...trpc.workflows.get.queryOptions({ id }), enabled: canRun });
  const save = useMutation(trpc.admin.workflows.present.mutationOptions({ onSuccess: onClose }));
  const fields = useMemo(() => {
    if (!graph.data) return undefined;
    const { prompt, exactPrompt } = graph.data;
    return fieldsOf(apiWorkflow.parse(exactPrompt === null ? prompt : parseGraphJson(exactPrompt)).prompt);
  }, [graph.data]);
  const [makes, setMakes] = useState(workflow.makes ?? '');
  const [picked, setPicked] = useState<ReadonlySet<string> | null>(preset && new Set(preset.fields.map(fieldKey)));
  const [limits, setLimits] = useState(() => typedLimits(preset));
  const [others, setOthers] = useState(preset?.others ?? true);

  const shown = picked ?? new Set(fields?.filter(isUsual).slice(0, MAX_PRESET.fields).map(fieldKey));
  const isTooMany = shown.size > MAX_PRESET.fields;
  const isValid = !isTooMany && [...shown].every((key) => limitsFault(limits.get(key) ?? NO_LIMITS) === null);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!isValid || (canRun && !fields)) return;
    save.mutate({ id, makes, preset: fields ? toPreset(fields, shown, limits, others) : null });
  };

  return (
    <Dialog wide title={`Set up ${name}`} description="As the class sees it under Run." onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-6">
        <TextField
          label="What it makes"
          placeholder="Five seconds of film from one picture"
          maxLength={MAX_PRESET.makesLength}
          autoComplete="off"
          value={makes}
          onChange={({ currentTarget }) => setMakes(currentTarget.value)}
        />
        <SamplePicture workflow={workflow} />
        {!canRun && (
          <p className="text-quiet">
            This workflow has no form: its API format was not added. The class can open it in ComfyUI.
          </p>
        )}
        {canRun && !fields && <div aria-hidden className="h-40 rounded bg-raised" />}
        {fields && (
          <>
            <PresetFields
              fields={fields}
              shown={shown}
              limits={limits}
              onShow={(key, isShown) =>
                setPicked(new Set(isShown ? [...shown, key] : [...shown].filter((each) => each !== key)))
              }
              onLimit={(key, next: TypedLimits) => setLimits((all) => new Map(all).set(key, next))}
            />
            <CheckField
              label="Everything else can be changed too"
              hint="Under All settings. Otherwise the class can change only the fields that are ticked. Seeds are random in each run unless somebody types one."
              checked={others}
              onChange={({ currentTarget }) => setOthers(currentTarget.checked)}
            />
          </>
        )}
        <p role="alert" className="text-failed empty:hidden">
          {isTooMany && `A form has at most ${MAX_PRESET.fields} fields.`}
          {graph.isError && failureOf(graph.error).sentence}
          {save.isError && failureOf(save.error).sentence}
        </p>
        <div className="sticky -bottom-4 -mb-4 flex justify-end border-t border-line bg-panel py-3">
          <Button type="submit" tone="accent" disabled={!isValid || save.isPending || (canRun && !fields)}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
