import { useQuery, useQueryClient } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { counted } from '#src/domain/measures.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { loadPart } from '#src/ui/loading/load-part.ts';
import type { Card } from './cards.ts';

// What checks the kept ones would be an eighth of what the page may weigh.
const loadCards = () => loadPart(() => import('./cards.ts'));
const QUERY = { queryKey: ['passphrases of this tab'] };

/** The passphrases that this tab keeps. */
export function useKeptCards() {
  const queryClient = useQueryClient();
  const kept = useQuery({ ...QUERY, queryFn: async () => (await loadCards()).keptCards(), gcTime: 0 });
  return {
    cards: kept.data ?? [],
    keep: async (added: readonly Card[]): Promise<void> => {
      const { keepCards } = await loadCards();
      queryClient.setQueryData(QUERY.queryKey, keepCards(added));
    },
    discard: async (): Promise<void> => {
      const { forgetCards } = await loadCards();
      forgetCards();
      queryClient.setQueryData(QUERY.queryKey, []);
    },
  };
}

type KeptPassphrasesProps = { count: number; onShow: () => void };

/** Says that this tab still has passphrases that nobody can show again. */
export function KeptPassphrases({ count, onShow }: KeptPassphrasesProps) {
  if (count === 0) return null;
  return (
    <section
      aria-label="New passphrases"
      className="flex min-h-10 flex-wrap items-center gap-x-2 gap-y-1 rounded border border-line bg-panel py-1 pr-1 pl-3"
    >
      <KeyRound size={16} aria-hidden className="text-accent" />
      <p className="grow">{`${counted(count, 'new passphrase')} in this tab only.`}</p>
      <Button onClick={onShow}>Show passphrases</Button>
    </section>
  );
}
