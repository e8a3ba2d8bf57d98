'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useSubscription } from '@trpc/tanstack-react-query';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import type { FeedEvent, FeedNotice } from '#src/domain/feed.ts';
import { throttle } from '#src/ui/throttle.ts';
import { useJobsRefresh, usePositions } from '../jobs/jobs-cache.ts';
import { useNewResults } from '../results/results-cache.ts';
import { isNotSignedIn } from '../server/failure.ts';
import { useTRPC } from '../server/trpc.ts';
import { goToLogin } from '../session/go-to-login.ts';
import { useAnnouncer } from './use-announcer.ts';

/** At most one read of each list in this time, however many events come. */
const READ_MS = 300;
const AWAY_MS = 3000;
const POLL_MS = 10_000;

const Away = createContext(false);

/** Whether live updates have been off for more than three seconds. */
export const useAway = (): boolean => useContext(Away);

/** Listens to the feed, and reads again what it says has changed. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { announcement, announce } = useAnnouncer();
  const jobsRefresh = useJobsRefresh();
  const takeNewResults = useNewResults(announce);
  const setPositions = usePositions();
  const [readJobs] = useState(() => throttle(jobsRefresh, READ_MS));
  const [readResults] = useState(() =>
    throttle(() => {
      // A read that fails is no news to anybody: the banner says that the server is away, and coming back reads again.
      takeNewResults().catch(() => undefined);
    }, READ_MS),
  );
  const [away, setAway] = useState(false);

  const hear = (message: FeedEvent | FeedNotice): void => {
    switch (message.type) {
      case 'feed.ready':
        readJobs();
        readResults();
        return;
      case 'job.updated':
      case 'phase.moved':
        readJobs();
        return;
      case 'result.added':
        readJobs();
        readResults();
        return;
      case 'queue.moved':
        setPositions(message.positions);
        return;
    }
  };

  const { status } = useSubscription(
    trpc.jobs.onEvent.subscriptionOptions(
      {},
      {
        onData: ({ data }) => hear(data),
        onError: (error) => {
          if (isNotSignedIn(error)) goToLogin();
        },
      },
    ),
  );

  const live = status === 'pending';
  useEffect(() => {
    if (live) {
      setAway(false);
      return;
    }
    const timer = setTimeout(() => setAway(true), AWAY_MS);
    return () => clearTimeout(timer);
  }, [live]);

  useEffect(() => {
    if (!away) return;
    const read = (): void => {
      void queryClient.invalidateQueries(trpc.session.me.queryFilter());
      readJobs();
      readResults();
    };
    read();
    const timer = setInterval(read, POLL_MS);
    return () => clearInterval(timer);
  }, [away, queryClient, trpc, readJobs, readResults]);

  return (
    <Away value={away}>
      {children}
      <p role="status" aria-label="News" className="sr-only">
        {announcement}
      </p>
    </Away>
  );
}
