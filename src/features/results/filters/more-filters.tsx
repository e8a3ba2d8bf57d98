import { useQuery } from '@tanstack/react-query';
import { Trash2, X } from 'lucide-react';
import { Button } from '#src/ui/buttons/button.tsx';
import { DayField, type Option, Pick, PRESSED } from '#src/ui/forms/filter-controls.tsx';
import { useTypedText } from '#src/ui/forms/use-typed.ts';
import { join } from '#src/ui/join.ts';
import { useTRPC } from '../../api-client/trpc.ts';
import type { Filter } from './filter.ts';
import { narrow } from './use-filter.ts';

type Choice = { readonly name: string; readonly count: number };
const toOption = ({ name, count }: Choice): Option => ({ value: name, name: `${name} (${count})` });

/** Filters used less often. Their choices are read when this is shown. */
export function MoreFilters({ filter }: { filter: Filter }) {
  const trpc = useTRPC();
  const choices = useQuery(trpc.results.choices.queryOptions(undefined, { staleTime: 30_000 })).data;
  const options = (of: readonly Choice[] | undefined): Option[] => (of ?? []).map(toOption);
  return (
    <>
      <DayField label="From" value={filter.from} onPick={(from) => narrow({ from })} />
      <DayField label="To" value={filter.to} onPick={(to) => narrow({ to })} />
      <Pick
        label="Workflow"
        all="All workflows"
        value={filter.workflow}
        options={options(choices?.titles)}
        onPick={(workflow) => narrow({ workflow })}
      />
      <Pick
        label="Model"
        all="All models"
        value={filter.model}
        options={options(choices?.models)}
        onPick={(model) => narrow({ model })}
      />
      {(filter.lora !== null || (choices?.loras.length ?? 0) > 0) && (
        <Pick
          label="LoRA"
          all="All LoRAs"
          value={filter.lora}
          options={options(choices?.loras)}
          onPick={(lora) => narrow({ lora })}
        />
      )}
      <Seed seed={filter.seed} />
      <Pick
        label="Rejected"
        all="Rejected: hidden"
        value={filter.rejected === 'hidden' ? null : filter.rejected}
        options={[
          { value: 'shown', name: 'Rejected: shown' },
          { value: 'only', name: 'Rejected only' },
        ]}
        onPick={(rejected) => narrow({ rejected: rejected === 'shown' || rejected === 'only' ? rejected : 'hidden' })}
      />
      {filter.input !== null && (
        <Button icon={X} className={PRESSED} aria-pressed onClick={() => narrow({ input: null })}>
          One input
        </Button>
      )}
      {filter.job !== null && (
        <Button icon={X} className={PRESSED} aria-pressed onClick={() => narrow({ job: null })}>
          One job
        </Button>
      )}
      <Button
        icon={Trash2}
        aria-pressed={filter.removed}
        className={PRESSED}
        onClick={() => narrow({ removed: !filter.removed })}
      >
        Trash
      </Button>
    </>
  );
}

const isWrong = (seed: string): boolean => seed !== '' && !/^-?\d{1,20}$/.test(seed);

function Seed({ seed }: { seed: string | null }) {
  const [text, setText] = useTypedText(seed ?? '', (typed) => {
    if (!isWrong(typed)) narrow({ seed: typed || null }, seed !== null);
  });
  const wrong = isWrong(text.trim());
  return (
    <input
      type="text"
      inputMode="numeric"
      aria-label="Seed"
      aria-invalid={wrong}
      title={wrong ? 'A seed is a whole number' : undefined}
      placeholder="Seed"
      value={text}
      maxLength={21}
      onChange={(event) => setText(event.target.value)}
      className={join(
        'h-8 rounded border bg-field px-2 text-13 tabular-nums pointer-coarse:h-10 aria-invalid:border-failed sm:w-32',
        seed === null ? 'border-edge/60' : 'border-accent text-accent',
      )}
    />
  );
}
