'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useSubscription } from '@trpc/tanstack-react-query';
import dynamic from 'next/dynamic';
import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from 'react';
import type { FeedEvent, FeedNotice } from '#src/domain/events/feed.ts';
import { loadPart } from '#src/ui/loading/load-part.ts';
import { throttle } from '#src/ui/time/throttle.ts';
import { isNotSignedIn } from '../api-client/failure.ts';
import { goToLogin } from '../api-client/go-to-login.ts';
import { readAgain } from '../api-client/read-again.ts';
import { useTRPC } from '../api-client/trpc.ts';
import { useIsOnRow, useJobsRefresh, useLiveRuns, usePositions } from '../jobs/jobs-cache.ts';
import { useChangedResults, useNewResults, useReconnected } from '../results/cache/use-refresh.ts';
import { useAnnouncer } from './use-announcer.ts';
import { useMissed } from './use-missed.ts';
import { useNewInBackground } from './use-new-in-background.ts';

const JobNotifications = dynamic(
  () => loadPart(() => import('../notifications/job-notifications.tsx')).then((file) => file.JobNotifications),
  {
    ssr: false,
  },
);

/** At most one read of each list in this time, however many events come. */
const READ_MS = 300;
/** Queue positions are shown as they arrive; estimates are read again at this interval. */
const READ_QUEUE_MS = 5000;
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
  const isOnRow = useIsOnRow();
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
  const setLiveRun = useLiveRuns();
  const [readJobs] = useState(() => throttle(jobsRefresh, READ_MS));
  const [readQueue] = useState(() => throttle(jobsRefresh, READ_QUEUE_MS));
  const [readResults] = useState(() =>
    throttle(() => {
      const isCaughtUp = isCatchingUp.current;
      isCatchingUp.current = false;
      // A failed read is not reported: the banner shows that live updates are off. The next one catches up instead.
      takeNewResults().then(
        () => isCaughtUp && missed.report(),
        () => {
          isCatchingUp.current ||= isCaughtUp;
        },
      );
    }, READ_MS),
  );
  const [readWall] = useState(() => throttle(() => void readAgain(queryClient, trpc.wall.pathFilter()), READ_MS));
  const [readAnnouncement] = useState(() =>
    throttle(() => void readAgain(queryClient, trpc.announcement.pathFilter()), READ_MS),
  );
  const [readWorkflows] = useState(() =>
    throttle(() => void readAgain(queryClient, trpc.workflows.pathFilter()), READ_MS),
  );
  const [readClass] = useState(() =>
    throttle(() => void readAgain(queryClient, trpc.admin.pathFilter()), READ_CLASS_MS),
  );
  const [away, setAway] = useState(false);

  const onMessage = (message: FeedEvent | FeedNotice): void => {
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
        if (isOnRow(message.resultIds)) readJobs();
        return;
      case 'run.moved':
        setLiveRun(message.jobId, message.run);
        return;
      case 'queue.moved':
        setPositions(message.positions);
        readQueue();
        return;
    }
  };

  const { status } = useSubscription(
    trpc.jobs.onEvent.subscriptionOptions(
      {},
      {
        onData: ({ data }) => onMessage(data),
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
    // Also where the page has not been live yet: the banner says that it is not.
    missed.wentOff();
    const read = (): void => {
      void queryClient.invalidateQueries(trpc.session.me.queryFilter());
      readJobs();
      readResults();
      readWall();
    };
    read();
    const timer = setInterval(read, POLL_MS);
    return () => clearInterval(timer);
  }, [away, missed, queryClient, trpc, readJobs, readResults, readWall]);

  return (
    <Away value={away}>
      {children}
      <JobNotifications isNew={isNew} />
      <p role="status" aria-label="Updates" className="sr-only">
        {announcement}
      </p>
    </Away>
  );
}
