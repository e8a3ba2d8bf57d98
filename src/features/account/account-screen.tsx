'use client';

import { useMutation } from '@tanstack/react-query';
import { LogOut } from 'lucide-react';
import Link from 'next/link';
import { Button, buttonClass } from '#src/ui/buttons/button.tsx';
import { notifyFailure } from '#src/ui/toasts/notify.ts';
import { failureOf } from '../api-client/failure.ts';
import { goToLogin, signingOut } from '../api-client/go-to-login.ts';
import { useTRPC } from '../api-client/trpc.ts';
import { useMe } from '../session/use-me.ts';
import { Appearance } from './appearance.tsx';
import { ChangePassphrase } from './change-passphrase.tsx';
import { TellMeCard } from './notification-settings.tsx';
import { Tokens } from './tokens.tsx';

export function AccountScreen() {
  const me = useMe();
  return (
    <main className="flex max-w-[720px] flex-col gap-8 p-4 sm:p-6">
      <header>
        <h1 className="text-20 font-semibold">Account</h1>
        <p className="min-h-5 text-quiet">
          {me && `Signed in as ${me.name}${me.role === 'operator' ? ', operator' : ''}`}
        </p>
      </header>
      <Appearance />
      <TellMeCard />
      <ChangePassphrase name={me?.name ?? ''} />
      <Inputs />
      <Tokens />
      <SignOut />
    </main>
  );
}

function Inputs() {
  return (
    <section aria-labelledby="inputs" className="flex flex-col items-start gap-3">
      <h2 id="inputs" className="text-15 font-semibold">
        Inputs
      </h2>
      <p className="text-quiet">The files that you have uploaded for your workflows have a page of their own.</p>
      <Link href="/inputs" prefetch={false} className={buttonClass('plain')}>
        Open Inputs
      </Link>
    </section>
  );
}

function SignOut() {
  const trpc = useTRPC();
  const logout = useMutation(
    trpc.session.logout.mutationOptions({
      onMutate: () => signingOut(true),
      onSuccess: () => {
        // Passphrases that this tab keeps are not for the next person.
        sessionStorage.clear();
        goToLogin();
      },
      onError: (error) => {
        signingOut(false);
        notifyFailure(failureOf(error).sentence);
      },
    }),
  );
  return (
    <section aria-labelledby="sign-out" className="flex flex-col gap-3">
      <h2 id="sign-out" className="text-15 font-semibold">
        Sign out
      </h2>
      <div className="flex flex-wrap gap-2">
        <Button icon={LogOut} disabled={logout.isPending} onClick={() => logout.mutate({})}>
          Sign out on this device
        </Button>
        <Button disabled={logout.isPending} onClick={() => logout.mutate({ everywhere: true })}>
          Sign out everywhere
        </Button>
      </div>
      <p className="text-quiet">Your jobs keep running and your results stay.</p>
    </section>
  );
}
