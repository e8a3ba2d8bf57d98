import { useQuery } from '@tanstack/react-query';
import { clock } from '#src/domain/measures.ts';
import { useNow } from '#src/ui/time/use-now.ts';
import { onServerClock } from '../api-client/server-clock.ts';
import { useTRPC } from '../api-client/trpc.ts';

/** The current announcement; null when there is none, or it has ended. */
export function useAnnouncement() {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.announcement.get.queryOptions());
  const now = onServerClock(useNow());
  if (!data) return null;
  const left = data.until === null ? null : Date.parse(data.until) - now;
  if (left !== null && left <= 0) return null;
  return {
    text: data.text,
    eyesOnMe: data.eyesOnMe,
    workflow: data.workflow,
    until: data.until,
    countdown: data.countdown && left !== null ? clock(left + 999) : null,
  };
}
export type Announcement = NonNullable<ReturnType<typeof useAnnouncement>>;

/** Its text, or the default where the author wrote none. */
export const announcedWords = ({ text, eyesOnMe }: Pick<Announcement, 'text' | 'eyesOnMe'>): string =>
  text === '' && eyesOnMe ? 'Please look up for a moment.' : text;
