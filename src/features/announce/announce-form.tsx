import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Button } from '#src/ui/buttons/button.tsx';
import { CheckField, SelectField, TextField } from '#src/ui/forms/field.tsx';
import { failureOf } from '../api-client/failure.ts';
import { onServerClock } from '../api-client/server-clock.ts';
import { useTRPC } from '../api-client/trpc.ts';
import { END_TIMES, type EndTime, endOf, endTimeWords } from './end-time.ts';

/** A banner on every screen; it replaces the current announcement. */
export function AnnounceForm({ isTold, eyesOnMe }: { isTold: boolean; eyesOnMe: boolean }) {
  const trpc = useTRPC();
  const recent = useQuery(trpc.admin.announcement.recent.queryOptions());
  const set = useMutation(trpc.admin.announcement.set.mutationOptions());
  const [text, setText] = useState('');
  const [ends, setEnds] = useState<EndTime>('open');
  const [time, setTime] = useState('');
  const [countdown, setCountdown] = useState(true);
  const [eyes, setEyes] = useState(eyesOnMe);
  const [before, setBefore] = useState(eyesOnMe);
  // Whoever ended it does not want it with the next announcement.
  if (before !== eyesOnMe) {
    setBefore(eyesOnMe);
    setEyes(eyesOnMe);
  }
  const isEmpty = text.trim() === '' && !eyes;

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (isEmpty) return;
    const until = endOf(ends, time, onServerClock(Date.now()));
    set.mutate(
      {
        text: text.trim(),
        until: until === null ? null : new Date(until).toISOString(),
        countdown: until !== null && countdown,
        eyesOnMe: eyes,
      },
      { onSuccess: () => setText('') },
    );
  };

  return (
    <form onSubmit={submit} className="flex max-w-[640px] flex-col gap-4">
      <TextField
        label="Text"
        value={text}
        maxLength={200}
        autoComplete="off"
        onChange={(event) => setText(event.target.value)}
        error={set.isError ? failureOf(set.error).sentence : null}
      />
      {recent.data && recent.data.length > 0 && (
        <div className="flex flex-wrap gap-2">
          <span className="self-center text-12 text-quiet">Recent</span>
          {recent.data.map((each) => (
            <Button key={each} className="max-w-full" onClick={() => setText(each)}>
              <span className="truncate">{each}</span>
            </Button>
          ))}
        </div>
      )}
      <div className="flex flex-wrap items-end gap-4">
        <SelectField label="Ends" value={ends} onChange={(event) => setEnds(endsFrom(event.target.value))}>
          {END_TIMES.map((each) => (
            <option key={each} value={each}>
              {endTimeWords(each)}
            </option>
          ))}
        </SelectField>
        {ends === 'time' && (
          <TextField
            label="At"
            type="time"
            required
            value={time}
            onChange={(event) => setTime(event.target.value)}
            className="tabular-nums"
          />
        )}
      </div>
      {ends !== 'open' && (
        <CheckField
          label="Show a countdown"
          hint="Everyone sees the time left."
          checked={countdown}
          onChange={(event) => setCountdown(event.target.checked)}
        />
      )}
      <CheckField
        label="Please look up"
        hint="Covers every page until people minimise it. No jobs are sent to GPUs meanwhile; running jobs continue."
        checked={eyes}
        onChange={(event) => setEyes(event.target.checked)}
      />
      <Button type="submit" tone="accent" className="self-start" disabled={isEmpty || set.isPending}>
        {isTold ? 'Replace announcement' : 'Announce'}
      </Button>
    </form>
  );
}

const endsFrom = (value: string): EndTime => END_TIMES.find((each) => each === value) ?? 'open';
