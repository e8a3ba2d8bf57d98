import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { SCOPES } from '#src/domain/users/token-scope.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { Dialog } from '#src/ui/dialogs/dialog.tsx';
import { SelectField, TextField } from '#src/ui/forms/field.tsx';
import { Secret } from '#src/ui/forms/secret.tsx';
import { notifyFailure } from '#src/ui/toasts/notify.ts';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC } from '../api-client/trpc.ts';
import { SCOPE_WORDS, type TokenFacts, tokenWords } from './token-words.ts';

type NewToken = { readonly name: string; readonly token: string };

export function Tokens() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const tokens = useQuery(trpc.session.tokens.queryOptions());
  const [created, setCreated] = useState<NewToken | null>(null);
  const readAgain = (): void => void queryClient.invalidateQueries(trpc.session.tokens.queryFilter());
  const create = useMutation(trpc.session.createToken.mutationOptions({ onSettled: readAgain }));

  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = event.currentTarget;
    create.mutate(
      {
        name: String(new FormData(form).get('name')),
        scope: SCOPES.find((scope) => scope === new FormData(form).get('scope')) ?? 'read',
        days: Number(new FormData(form).get('days')) || null,
      },
      {
        onSuccess: (token) => {
          form.reset();
          setCreated(token);
        },
      },
    );
  };

  return (
    <section aria-labelledby="tokens" className="flex flex-col gap-3">
      <div>
        <h2 id="tokens" className="text-15 font-semibold">
          Personal tokens
        </h2>
        <p className="text-quiet">
          For scripts that act on your behalf, by the{' '}
          <a href="/api/v2" className="underline">
            Comfy API v2
          </a>{' '}
          or otherwise. Anyone who has a token can do what it allows. A new passphrase or “Sign out everywhere” revokes
          all of them.
        </p>
      </div>
      {tokens.isError && <p role="alert">{failureOf(tokens.error).sentence}</p>}
      {tokens.data && tokens.data.length > 0 && (
        <ul aria-label="Tokens" className="border-t border-line">
          {tokens.data.map((token) => (
            <Token key={token.id} token={token} onRevoked={readAgain} />
          ))}
        </ul>
      )}
      <form onSubmit={submit} className="flex flex-wrap items-end gap-2">
        <div className="w-60">
          <TextField
            label="Token name"
            name="name"
            required
            maxLength={60}
            placeholder="Laptop script"
            autoComplete="off"
            error={create.isError ? failureOf(create.error).sentence : null}
          />
        </div>
        <SelectField label="Permissions" name="scope" defaultValue="submit">
          {SCOPES.map((scope) => (
            <option key={scope} value={scope}>
              {SCOPE_WORDS[scope]}
            </option>
          ))}
        </SelectField>
        <SelectField label="Expires after" name="days" defaultValue="90">
          <option value="7">7 days</option>
          <option value="90">90 days</option>
          <option value="366">a year</option>
          <option value="">never</option>
        </SelectField>
        <Button type="submit" className="min-h-[38px]" disabled={create.isPending}>
          Create token
        </Button>
      </form>
      {created && (
        <Dialog
          title={`Token “${created.name}”`}
          description="This is the only time it is shown. Copy it now."
          onClose={() => setCreated(null)}
        >
          <Secret label="Token" text={created.token} />
        </Dialog>
      )}
    </section>
  );
}

type TokenProps = {
  token: TokenFacts & { readonly id: string; readonly name: string };
  onRevoked: () => void;
};

function Token({ token, onRevoked }: TokenProps) {
  const trpc = useTRPC();
  const [sure, setSure] = useState(false);
  const revoke = useMutation(
    trpc.session.revokeToken.mutationOptions({
      onSettled: onRevoked,
      onError: (error) => notifyFailure(failureOf(error).sentence),
    }),
  );
  return (
    <li aria-label={token.name} className="flex min-h-10 flex-wrap items-center gap-x-3 border-b border-line">
      <span className="font-semibold">{token.name}</span>
      <span className="grow text-quiet">{tokenWords(token, new Date())}</span>
      {sure ? (
        <span className="flex gap-1">
          <Button tone="quiet" onClick={() => setSure(false)}>
            Cancel
          </Button>
          <Button autoFocus disabled={revoke.isPending} onClick={() => revoke.mutate({ id: token.id })}>
            Revoke permanently
          </Button>
        </span>
      ) : (
        <Button tone="quiet" onClick={() => setSure(true)}>
          Revoke
        </Button>
      )}
    </li>
  );
}
