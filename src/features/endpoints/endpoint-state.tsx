import { CircleCheck, CircleDashed, CircleSlash, CircleX, Flame, Hourglass, Moon, Snowflake } from 'lucide-react';
import { StatusLabel } from '#src/ui/tables/status-label.tsx';
import { useNow } from '#src/ui/time/use-now.ts';
import { keptWords, proofOf, timeOfDay, warmStateWords } from './endpoint-words.ts';
import type { Endpoint } from './use-endpoints.ts';

type StateFacts = Pick<Endpoint, 'enabled' | 'restsUntil' | 'closedUntil' | 'busyUntil' | 'tested' | 'warmth'>;

export function EndpointState({ enabled, restsUntil, closedUntil, busyUntil, tested, warmth }: StateFacts) {
  const proof = proofOf({ warmth, tested });
  if (!enabled)
    return (
      <StatusLabel icon={CircleSlash} iconClass="text-quiet">
        {{ untested: 'Off, not tested', failed: 'Off, test failed', proven: 'Off' }[proof]}
      </StatusLabel>
    );
  if (closedUntil !== null)
    return (
      <StatusLabel icon={Moon} iconClass="text-accent">
        {`Paused until ${timeOfDay(closedUntil)}`}
      </StatusLabel>
    );
  if (restsUntil !== null)
    return (
      <StatusLabel icon={Moon} iconClass="text-accent">
        {`Cooling down until ${new Date(restsUntil).toLocaleTimeString('en-GB')}`}
      </StatusLabel>
    );
  if (busyUntil !== null)
    return (
      <StatusLabel icon={Hourglass} iconClass="text-waking">
        {`Busy until ${new Date(busyUntil).toLocaleTimeString('en-GB')}`}
      </StatusLabel>
    );
  if (proof === 'failed')
    return (
      <StatusLabel icon={CircleX} iconClass="text-failed">
        Test failed
      </StatusLabel>
    );
  if (proof === 'untested')
    return (
      <StatusLabel icon={CircleDashed} iconClass="text-quiet">
        Not tested
      </StatusLabel>
    );
  return (
    <StatusLabel icon={CircleCheck} iconClass="text-done">
      In use
    </StatusLabel>
  );
}

const WARMTHS = {
  unknown: [Snowflake, 'text-quiet'],
  cold: [Snowflake, 'text-quiet'],
  warming: [Hourglass, 'text-waking'],
  warm: [Flame, 'text-done'],
} as const;

/** Only this follows the clock, so that the table does not re-render each second. */
export function EndpointGpus({ endpoint: { warmth, keepWarmUntil, nextWarmUp } }: { endpoint: Endpoint }) {
  const now = useNow();
  const [icon, iconClass] = WARMTHS[warmth.state];
  return (
    <>
      <StatusLabel icon={icon} iconClass={iconClass}>
        {warmStateWords(warmth, now)}
      </StatusLabel>
      {keepWarmUntil !== null && (
        <span className="ml-3 text-quiet tabular-nums">{keptWords(keepWarmUntil, nextWarmUp, now)}</span>
      )}
    </>
  );
}
