import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { Settings } from '#src/domain/settings/settings.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { TextField } from '#src/ui/forms/field.tsx';
import { notify } from '#src/ui/toasts/notify.ts';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC } from '../api-client/trpc.ts';
import { changedSettings } from './changed-settings.ts';
import { AMOUNTS, BANNER_DETAIL, CLASS_TITLE, CURRENCY, EXTRA_DATA, FAIRNESS, SWITCHES } from './setting-fields.ts';
import { ChoiceOf, Fields, Group, Hint, Switches } from './setting-inputs.tsx';

const QUEUE = [
  'inFlightCap',
  'waitingCap',
  'jobsPerMinute',
  'databaseBytesPerParticipant',
  'inputLimitBytes',
  'inputBytesPerParticipant',
];
const GPUS = [
  'maxAttempts',
  'startBudgetFloorMs',
  'startBudgetMs',
  'jobTimeoutMs',
  'staysWarmMs',
  'spotFirst',
  'balancing',
  'probe',
];

const isOf =
  (keys: readonly string[]) =>
  ({ key }: { key: string }): boolean =>
    keys.includes(key);
const isOfRest = ({ key }: { key: string }): boolean => ![...QUEUE, ...GPUS].includes(key);

export function SettingsForm() {
  const trpc = useTRPC();
  const settings = useQuery(trpc.admin.settings.get.queryOptions());
  const [opened, setOpened] = useState(0);
  if (settings.isError) return <p role="alert">{failureOf(settings.error).sentence}</p>;
  if (!settings.data) return <div aria-hidden className="h-96 rounded border border-line bg-panel" />;
  return <Form key={opened} now={settings.data} onReopen={() => setOpened(opened + 1)} />;
}

/** Input stays whatever others save meanwhile, and untouched fields never overwrite their changes. */
function Form({ now, onReopen }: { now: Settings; onReopen: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [base, setBase] = useState(now);
  const isOld = [
    ...AMOUNTS,
    ...SWITCHES,
    FAIRNESS,
    BANNER_DETAIL,
    { key: 'classTitle' as const },
    { key: 'currency' as const },
    { key: 'allowedExtraData' as const },
  ].some(({ key }) => String(now[key]) !== String(base[key]));
  const change = useMutation(
    trpc.admin.settings.change.mutationOptions({
      onSuccess: (next) => {
        setBase(next);
        queryClient.setQueryData(trpc.admin.settings.get.queryKey(), next);
        void queryClient.invalidateQueries(trpc.admin.settings.history.queryFilter());
        notify('Settings saved.');
      },
    }),
  );
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const changed = changedSettings(new FormData(event.currentTarget), base);
    if (Object.keys(changed).length === 0) notify('No changes to save.');
    else change.mutate(changed);
  };

  return (
    <form onSubmit={submit} className="flex flex-col items-start gap-8">
      <Group name="Queue">
        <ChoiceOf choice={FAIRNESS} settings={base} />
        <Fields amounts={AMOUNTS.filter(isOf(QUEUE))} settings={base} />
      </Group>
      <Group name="GPUs">
        <Fields amounts={AMOUNTS.filter(isOf(GPUS))} settings={base} />
        <TextField
          label={EXTRA_DATA.label}
          hint={<Hint words={EXTRA_DATA.hint} setting="allowedExtraData" />}
          name="allowedExtraData"
          maxLength={1400}
          autoComplete="off"
          spellCheck={false}
          defaultValue={base.allowedExtraData.join(', ')}
        />
        <Switches switches={SWITCHES.filter(isOf(GPUS))} settings={base} />
      </Group>
      <Group name="Display and retention">
        <TextField
          label={CLASS_TITLE.label}
          hint={<Hint words={CLASS_TITLE.hint} setting="classTitle" />}
          name="classTitle"
          maxLength={60}
          autoComplete="off"
          defaultValue={base.classTitle}
        />
        <ChoiceOf choice={BANNER_DETAIL} settings={base} />
        <Fields amounts={AMOUNTS.filter(isOfRest)} settings={base} />
        <TextField
          label={CURRENCY.label}
          hint={<Hint words={CURRENCY.hint} setting="currency" />}
          name="currency"
          required
          pattern="[A-Za-z]{3}"
          title="Three letters, such as EUR"
          autoComplete="off"
          defaultValue={base.currency}
        />
        <Switches switches={SWITCHES.filter(isOfRest)} settings={base} />
      </Group>
      {isOld && !change.isPending && (
        <p role="status" className="flex flex-wrap items-center gap-3">
          Somebody else has changed the settings.
          <Button onClick={onReopen}>Show current settings</Button>
        </p>
      )}
      <p role="alert" className="text-failed empty:hidden">
        {change.isError && failureOf(change.error).sentence}
      </p>
      <Button type="submit" tone="accent" disabled={change.isPending}>
        Save
      </Button>
    </form>
  );
}
