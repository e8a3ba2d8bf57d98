'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'next/navigation';
import { type FormEvent, type KeyboardEvent, useEffect, useEffectEvent, useRef, useState } from 'react';
import { nameKey } from '#src/domain/users/name-key.ts';
import { landingPath } from '#src/domain/users/next-path.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { TextField } from '#src/ui/forms/field.tsx';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC } from '../api-client/trpc.ts';
import { DemoBanner } from '../frame/demo-banner.tsx';
import { Wordmark } from '../frame/wordmark.tsx';
import { ReplaceSession } from './replace-session.tsx';
import { signInError } from './sign-in-error.ts';
import { readSignIn, type SignIn } from './sign-in-link.ts';

export function LoginScreen() {
  const trpc = useTRPC();
  const wanted = useSearchParams().get('next');
  const name = useRef<HTMLInputElement>(null);
  const passphrase = useRef<HTMLInputElement>(null);
  const [linked, setLinked] = useState<SignIn | null>(null);
  const [capsLock, setCapsLock] = useState(false);
  const me = useQuery(trpc.session.me.queryOptions());
  const login = useMutation(
    trpc.session.login.mutationOptions({
      onSuccess: ({ user }) => window.location.assign(landingPath(wanted, user.role)),
      onError: () => passphrase.current?.select(),
    }),
  );

  /** A card's QR code leads here; what it carries must not stay in the address, which others may see and history keeps. */
  const followLink = useEffectEvent(() => {
    const found = readSignIn(window.location.hash);
    if (!found) return;
    window.history.replaceState(null, '', window.location.pathname + window.location.search);
    if (name.current) name.current.value = found.name;
    login.reset();
    setLinked(found);
  });
  useEffect(() => {
    followLink();
    // Another card, scanned into the same tab.
    const listener = (): void => followLink();
    window.addEventListener('hashchange', listener);
    return () => window.removeEventListener('hashchange', listener);
  }, []);

  const present = me.data?.user ?? null;
  const asks = linked !== null && present !== null && nameKey(present.name) !== nameKey(linked.name);
  const { mutate } = login;
  useEffect(() => {
    if (!me.isSuccess || !login.isIdle || asks) return;
    if (linked) mutate(linked);
    else if (present) window.location.replace(landingPath(wanted, present.role));
  }, [me.isSuccess, present, login.isIdle, asks, linked, mutate, wanted]);

  const signIn = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    login.mutate({ name: String(form.get('name')), password: String(form.get('password')) });
  };
  const watchCaps = (event: KeyboardEvent) => setCapsLock(event.getModifierState('CapsLock'));

  return (
    <div className="flex min-h-dvh flex-col">
      <DemoBanner />
      <main className="flex grow items-center justify-center p-4 pb-[16dvh]">
        <form onSubmit={signIn} aria-label="Sign in" className="flex w-full max-w-80 flex-col gap-4">
          <h1 className="mb-4">
            <Wordmark large />
          </h1>
          <TextField
            ref={name}
            label="Name"
            name="name"
            required
            autoFocus
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
          />
          <TextField
            ref={passphrase}
            label="Passphrase"
            name="password"
            type="password"
            required
            autoComplete="current-password"
            onKeyUp={watchCaps}
            onKeyDown={watchCaps}
            hint={capsLock && 'Caps Lock is on.'}
          />
          {asks && login.isIdle && (
            <ReplaceSession
              present={present.name}
              wanted={linked.name}
              onReplace={() => mutate(linked)}
              onStay={() => window.location.replace(landingPath(wanted, present.role))}
            />
          )}
          <p role="alert" className="text-failed empty:hidden">
            {login.isError && signInError(failureOf(login.error), 'sign in')}
          </p>
          <Button
            type="submit"
            tone="accent"
            className="min-h-10 text-15"
            disabled={login.isPending || login.isSuccess}
          >
            {login.isPending ? 'Signing in' : 'Sign in'}
          </Button>
          <a
            href="/join"
            className="flex min-h-10 items-center self-center text-quiet underline underline-offset-2 hover:text-text"
          >
            Join with a class code
          </a>
        </form>
      </main>
    </div>
  );
}
