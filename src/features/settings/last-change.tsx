import { useQuery } from '@tanstack/react-query';
import { moment } from '#src/ui/time/moment.ts';
import { useNow } from '#src/ui/time/use-now.ts';
import { useTRPC } from '../api-client/trpc.ts';

/** Who changed it last, and when; nothing if it never was. */
export function LastChange({ setting }: { setting: string }) {
  const trpc = useTRPC();
  const now = new Date(useNow());
  const history = useQuery(trpc.admin.settings.history.queryOptions());
  const last = history.data?.find(({ changed }) => setting in changed);
  return last ? ` Set by ${last.by}, ${moment(new Date(last.at), now)}.` : null;
}
