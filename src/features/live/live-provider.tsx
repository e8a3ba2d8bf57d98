'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useSubscription } from '@trpc/tanstack-react-query';
import dynamic from 'next/dynamic';
import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from 'react';
import type { FeedEvent, FeedNotice } from '#src/domain/events/feed.ts';
import { loadPart } from '#src/ui/load-part.ts';
import { throttle } from '#src/ui/throttle.ts';
import { useIsOnCard, useJobsRefresh, usePositions } from '../jobs/jobs-cache.ts';
import { useChangedResults, useNewResults, useReconnected } from '../results/results-cache.ts';
import { isNotSignedIn } from '../server/failure.ts';
import { useTRPC } from '../server/trpc.ts';
import { goToLogin } from '../session/go-to-login.ts';
import { useAnnouncer } from './use-announcer.ts';
import { useMissed } from './use-missed.ts';
import { useNewInBackground } from './use-new-in-background.ts';

const TellMe = dynamic(() => loadPart(() => import('../tell-me/tell-me.tsx')).then((file) => file.TellMe), {
  ssr: false,
});

/** At most one read of each list in this time, however many events come. */
const READ_MS = 300;
/** Positions are told as they are; how long it may take is read again at this pace. */
const READ_LINE_MS = 5000;
/** What operators see of the whole class. */
const READ_CLASS_MS = 1000;
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
  const isOnCard = useIsOnCard();
  const missed = useMissed();
  const wasLive = useRef(false);
  const isCatchingUp = useRef(false);
  const takeNewResults = useNewResults((arrived) => {
    announce(arrived);
    missed.add(arrived);
  });
  const [isNew, noteNew] = useNewInBackground();
  const readChanged = useChangedResults();
  const reconnected = useReconnected();
  const setPositions = usePositions();
  const [readJobs] = useState(() => throttle(jobsRefresh, READ_MS));
  const [readLine] = useState(() => throttle(jobsRefresh, READ_LINE_MS));
  const [readResults] = useState(() =>
    throttle(() => {
      const isCaughtUp = isCatchingUp.current;
      isCatchingUp.current = false;
      // A read that fails is no news to anybody: the banner says that the server is away, and coming back reads again.
      takeNewResults().then(
        () => isCaughtUp && missed.tell(),
        () => undefined,
      );
    }, READ_MS),
  );
  const [readWall] = useState(() =>
    throttle(() => void queryClient.invalidateQueries(trpc.wall.pathFilter()), READ_MS),
  );
  const [readAnnouncement] = useState(() =>
    throttle(() => void queryClient.invalidateQueries(trpc.announcement.pathFilter()), READ_MS),
  );
  const [readWorkflows] = useState(() =>
    throttle(() => void queryClient.invalidateQueries(trpc.workflows.pathFilter()), READ_MS),
  );
  const [readClass] = useState(() =>
    throttle(() => void queryClient.invalidateQueries(trpc.admin.pathFilter()), READ_CLASS_MS),
  );
  const [away, setAway] = useState(false);

  const hear = (message: FeedEvent | FeedNotice): void => {
    switch (message.type) {
      case 'feed.ready':
        if (wasLive.current) missed.wentOff();
        wasLive.current = true;
        isCatchingUp.current = true;
        reconnected();
        readAnnouncement();
        readJobs();
        readResults();
        readWall();
        return;
      case 'wall.changed':
        readWall();
        return;
      case 'workflows.changed':
        readWorkflows();
        readAnnouncement();
        readClass();
        return;
      case 'acts.changed':
      case 'logs.changed':
      case 'presence.changed':
      case 'platform.changed':
        readClass();
        return;
      case 'announcement.changed':
        readAnnouncement();
        readClass();
        return;
      case 'job.updated':
      case 'phase.moved':
      case 'line.changed':
        readJobs();
        readClass();
        return;
      case 'result.added':
        noteNew();
        readClass();
        readJobs();
        readResults();
        return;
      case 'results.changed':
        readChanged(message.resultIds);
        if (isOnCard(message.resultIds)) readJobs();
        return;
      case 'queue.moved':
        setPositions(message.positions);
        readLine();
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
    if (wasLive.current) missed.wentOff();
    const timer = setTimeout(() => setAway(true), AWAY_MS);
    return () => clearTimeout(timer);
  }, [live, missed]);

  useEffect(() => {
    if (!away) return;
    const read = (): void => {
      void queryClient.invalidateQueries(trpc.session.me.queryFilter());
      readJobs();
      readResults();
      readWall();
    };
    read();
    const timer = setInterval(read, POLL_MS);
    return () => clearInterval(timer);
  }, [away, queryClient, trpc, readJobs, readResults, readWall]);

  return (
    <Away value={away}>
      {children}
      <TellMe isNew={isNew} />
      <p role="status" aria-label="Updates" className="sr-only">
        {announcement}
      </p>
    </Away>
  );
}
