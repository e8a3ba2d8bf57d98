'use client';

import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useEffect, useRef } from 'react';
import { toJoinCode } from '#src/domain/users/join-code.ts';
import { Button, buttonClass } from '#src/ui/buttons/button.tsx';
import { TextField } from '#src/ui/forms/field.tsx';
import { Secret } from '#src/ui/forms/secret.tsx';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC } from '../api-client/trpc.ts';
import { DemoBanner } from '../frame/demo-banner.tsx';
import { Wordmark } from '../frame/wordmark.tsx';
import { signInError } from './sign-in-error.ts';

export function JoinScreen() {
  const trpc = useTRPC();
  const code = useRef<HTMLInputElement>(null);
  const name = useRef<HTMLInputElement>(null);
  const join = useMutation(trpc.session.join.mutationOptions());

  useEffect(() => {
    const followLink = (): void => {
      const linked = toJoinCode(window.location.hash);
      if (linked === '' || !code.current) return;
      code.current.value = linked;
      name.current?.focus();
    };
    followLink();
    // Another code, scanned into the same tab.
    window.addEventListener('hashchange', followLink);
    return () => window.removeEventListener('hashchange', followLink);
  }, []);

  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    join.mutate({ code: String(form.get('code')), name: String(form.get('name')) });
  };

  return (
    <div className="flex min-h-dvh flex-col">
      <DemoBanner />
      <main className="flex grow items-center justify-center p-4 pb-[16dvh]">
        <div className="flex w-full max-w-80 flex-col gap-4">
          <Wordmark large />
          {join.isSuccess ? (
            <section aria-labelledby="in" className="flex flex-col gap-4">
              <h1 id="in" className="text-20 font-semibold">
                Welcome, {join.data.user.name}
              </h1>
              <p className="text-15">
                With your name and this passphrase you can sign in again, here or on another computer. It is shown only
                once: write it down or take a photo.
              </p>
              <Secret label="Passphrase" text={join.data.passphrase} />
              <a href="/" className={buttonClass('accent', 'min-h-10 text-15')}>
                I saved it, continue
              </a>
            </section>
          ) : (
            <form onSubmit={submit} aria-label="Join the class" className="flex flex-col gap-4">
              <h1 className="text-20 font-semibold">Join the class</h1>
              <TextField
                ref={code}
                label="Class code"
                name="code"
                required
                autoFocus
                autoComplete="off"
                autoCapitalize="characters"
                spellCheck={false}
                maxLength={50}
                hint="Six letters, shown by the teacher."
              />
              <TextField
                ref={name}
                label="Your name"
                name="name"
                required
                maxLength={60}
                autoComplete="nickname"
                hint="Visible to the class."
              />
              <p role="alert" className="text-failed empty:hidden">
                {join.isError && signInError(failureOf(join.error), 'join')}
              </p>
              <Button type="submit" tone="accent" className="min-h-10 text-15" disabled={join.isPending}>
                {join.isPending ? 'Joining' : 'Join'}
              </Button>
              <a href="/login" className="self-center py-2 text-quiet underline underline-offset-2 hover:text-text">
                Sign in instead
              </a>
            </form>
          )}
        </div>
      </main>
    </div>
  );
}
