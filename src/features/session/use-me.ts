import { useQuery } from '@tanstack/react-query';
import type { UserView } from '#src/api/views.ts';
import { useTRPC } from '../api-client/trpc.ts';

/** Who is signed in: undefined while it is being asked, null for nobody. */
export function useMe(): UserView | null | undefined {
  const trpc = useTRPC();
  const me = useQuery(trpc.session.me.queryOptions());
  return me.data === undefined ? undefined : (me.data?.user ?? null);
}
