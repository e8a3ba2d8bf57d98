import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from '#src/ui/buttons/button.tsx';
import { notify, notifyFailure } from '#src/ui/toasts/notify.ts';
import { tokenWords } from '../account/token-words.ts';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC } from '../api-client/trpc.ts';

/** The personal tokens of the class. */
export function ClassTokens() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const tokens = useQuery(trpc.admin.tokens.list.queryOptions(undefined, { staleTime: 0 }));
  const revoke = useMutation(
    trpc.admin.tokens.revoke.mutationOptions({
      onSuccess: () => notify('Token revoked.'),
      onError: (error) => notifyFailure(failureOf(error).sentence),
      onSettled: () => queryClient.invalidateQueries(trpc.admin.tokens.pathFilter()),
    }),
  );
  if (tokens.isError) return <p role="alert">{failureOf(tokens.error).sentence}</p>;
  if (!tokens.data || tokens.data.length === 0) return null;
  return (
    <section aria-labelledby="class-tokens" className="flex flex-col gap-3">
      <h2 id="class-tokens" className="text-15 font-semibold">
        Personal tokens
      </h2>
      <ul aria-label="Tokens of the class" className="border-t border-line">
        {tokens.data.map((token) => (
          <li key={token.id} className="flex min-h-10 flex-wrap items-center gap-x-3 border-b border-line">
            <span className="font-semibold">{token.user.name}</span>
            <span>{token.name}</span>
            <span className="grow text-quiet">{tokenWords(token, new Date())}</span>
            <Button
              tone="quiet"
              aria-label={`Revoke ${token.name} of ${token.user.name}`}
              disabled={revoke.isPending}
              onClick={() => revoke.mutate({ id: token.id })}
            >
              Revoke
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
