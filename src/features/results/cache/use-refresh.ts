import { useQueryClient } from '@tanstack/react-query';
import { useTRPC } from '../../api-client/trpc.ts';
import { useGallery } from './gallery.ts';

/** Reads what is newer than what is shown, and puts it in its place; reports how many there were. */
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

/** Marks, deletions and restores in another window show here too. */
export function useChangedResults(): (ids: readonly string[]) => void {
  const gallery = useGallery();
  const recount = useRecount();
  return (ids) => {
    // A failed read changes nothing; the banner shows that the server does not respond.
    gallery.changed(ids).then(recount, () => undefined);
  };
}

/** To call whenever the feed connects: what changed meanwhile is read again. */
export function useReconnected(): () => void {
  return useGallery().connected;
}

/** The number of matching results may have changed. */
export function useRecount(): () => void {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  return () => void queryClient.invalidateQueries(trpc.results.count.pathFilter());
}
