import { Button } from '#src/ui/buttons/button.tsx';

type Props = { present: string; wanted: string; onReplace: () => void; onStay: () => void };

/** Anybody may have sent a link that signs in as another person: the person who is signed in decides. */
export function ReplaceSession({ present, wanted, onReplace, onStay }: Props) {
  return (
    <div role="alertdialog" aria-label="Sign in as somebody else?" className="flex flex-col gap-3">
      <p>
        You are signed in as <strong>{present}</strong>. This link signs you in as <strong>{wanted}</strong> and signs{' '}
        {present} out in this browser.
      </p>
      <div className="flex flex-wrap gap-2">
        <Button tone="accent" onClick={onReplace}>
          Sign in as {wanted}
        </Button>
        <Button onClick={onStay}>Stay signed in as {present}</Button>
      </div>
    </div>
  );
}
