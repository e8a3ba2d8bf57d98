'use client';

import { useMutation } from '@tanstack/react-query';
import { useSearchParams } from 'next/navigation';
import { type FormEvent, type KeyboardEvent, useRef, useState } from 'react';
import { roughly } from '#src/domain/measures.ts';
import { Button } from '#src/ui/button.tsx';
import { TextField } from '#src/ui/field.tsx';
import { DemoBanner } from '../frame/demo-banner.tsx';
import { Wordmark } from '../frame/wordmark.tsx';
import { type Failure, failureOf } from '../server/failure.ts';
import { useTRPC } from '../server/trpc.ts';
import { nextPath } from './next-path.ts';

function sentence({ code, sentence, retryAfterSeconds }: Failure): string {
  if (code !== 'too_many_attempts' || retryAfterSeconds === null) return sentence;
  return `Too many tries. Wait ${roughly(retryAfterSeconds)}, then sign in again.`;
}

export function LoginScreen() {
  const trpc = useTRPC();
  const next = nextPath(useSearchParams().get('next'));
  const passphrase = useRef<HTMLInputElement>(null);
  const [capsLock, setCapsLock] = useState(false);
  const login = useMutation(
    trpc.session.login.mutationOptions({
      onSuccess: () => window.location.assign(next),
      onError: () => passphrase.current?.select(),
    }),
  );

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
          <p role="alert" className="text-failed empty:hidden">
            {login.isError && sentence(failureOf(login.error))}
          </p>
          <Button
            type="submit"
            tone="accent"
            className="min-h-10 text-15"
            disabled={login.isPending || login.isSuccess}
          >
            {login.isPending ? 'Signing in' : 'Sign in'}
          </Button>
        </form>
      </main>
    </div>
  );
}
