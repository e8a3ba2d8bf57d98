import { KeyRound } from 'lucide-react';
import { counted } from '#src/domain/measures.ts';
import { Button } from '#src/ui/buttons/button.tsx';

type KeptPassphrasesProps = { count: number; onShow: () => void; onDiscard: () => void };

/** Says that this tab still has passphrases that nobody can show again. */
export function KeptPassphrases({ count, onShow, onDiscard }: KeptPassphrasesProps) {
  if (count === 0) return null;
  return (
    <section
      aria-label="New passphrases"
      className="flex min-h-10 flex-wrap items-center gap-x-2 gap-y-1 rounded border border-line bg-panel py-1 pr-1 pl-3"
    >
      <KeyRound size={16} aria-hidden className="text-accent" />
      <p className="grow">{`${counted(count, 'new passphrase')} in this tab only.`}</p>
      <Button onClick={onShow}>Show passphrases</Button>
      <Button tone="quiet" onClick={onDiscard}>
        Discard
      </Button>
    </section>
  );
}
