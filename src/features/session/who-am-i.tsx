import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '../api-client/trpc.ts';

/** Whose work this is: on a shared computer it may be somebody else's. And of which class. */
export function WhoAmI() {
  const me = useQuery(useTRPC().session.me.queryOptions()).data;
  return (
    <p className="flex min-h-5 gap-2 text-quiet">
      <span className="truncate text-text">{me?.user.name}</span>
      {me?.classTitle && <span className="truncate">{me.classTitle}</span>}
    </p>
  );
}
