import { useQuery } from '@tanstack/react-query';
import type { UserView } from '#src/api/views.ts';
import { useTRPC } from '../api-client/trpc.ts';

/** The signed-in person: undefined while loading, null when nobody is signed in. */
export function useMe(): UserView | null | undefined {
  const trpc = useTRPC();
  const me = useQuery(trpc.session.me.queryOptions());
  return me.data === undefined ? undefined : (me.data?.user ?? null);
}
