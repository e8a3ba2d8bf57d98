import { useQueryClient } from '@tanstack/react-query';
import { useTRPC } from '../server/trpc.ts';
import { useGallery } from './gallery.ts';

/** Reads what is newer than what is shown, and puts it in its place; tells how many there were. */
export function useNewResults(onArrived: (count: number) => void): () => Promise<void> {
  const gallery = useGallery();
  const recount = useRecount();
  return async () => {
    const arrived = await gallery.takeNewest();
    if (arrived === 0) return;
    recount();
    onArrived(arrived);
  };
}

/** What was marked, moved to the trash or restored in another window shows here too. */
export function useChangedResults(): (ids: readonly string[]) => void {
  const gallery = useGallery();
  const recount = useRecount();
  return (ids) => {
    // A read that fails leaves what was shown; the banner says that the server is away.
    gallery.changed(ids).then(recount, () => undefined);
  };
}

/** For each time that the feed begins to be live: what changed while it was not is read again. */
export function useReconnected(): () => void {
  return useGallery().connected;
}

/** How many are found may have changed. */
export function useRecount(): () => void {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  return () => void queryClient.invalidateQueries(trpc.results.count.pathFilter());
}
