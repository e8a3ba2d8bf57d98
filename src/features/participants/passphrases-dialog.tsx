import { Printer } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { Button } from '#src/ui/buttons/button.tsx';
import { CopyButton } from '#src/ui/buttons/copy-button.tsx';
import { Dialog } from '#src/ui/dialogs/dialog.tsx';
import { Cell, Table } from '#src/ui/tables/table.tsx';
import type { Card } from './cards.ts';

const COLUMNS = [{ name: 'Name' }, { name: 'Passphrase' }, { name: 'Copy', hidden: true }];

type PassphrasesDialogProps = { passphrases: readonly Card[]; onDiscard: () => void; onClose: () => void };

/** Closing it discards nothing. */
export function PassphrasesDialog({ passphrases, onDiscard, onClose }: PassphrasesDialogProps) {
  const router = useRouter();
  return (
    <Dialog
      wide
      title={passphrases.length === 1 ? 'New passphrase' : 'New passphrases'}
      description="Only this tab has them, until you discard them or close it. Print the cards or copy them now; you can create new ones later."
      onClose={onClose}
    >
      <div className="flex flex-col gap-4">
        <div className="flex flex-wrap gap-2">
          <Button tone="accent" icon={Printer} onClick={() => router.push('/admin/participants/cards')}>
            {passphrases.length === 1 ? 'Print the card' : 'Print cards'}
          </Button>
          <CopyButton
            tone="plain"
            label="Copy all"
            text={passphrases.map(({ name, passphrase }) => `${name}\t${passphrase}`).join('\n')}
          />
          <Button tone="quiet" className="sm:ml-auto" onClick={onDiscard}>
            Done, discard passphrases
          </Button>
        </div>
        <Table label="Passphrases" columns={COLUMNS}>
          {passphrases.map(({ id, name, passphrase }) => (
            <tr key={id}>
              <Cell>
                <span title={name} className="block max-w-28 truncate sm:max-w-80">
                  {name}
                </span>
              </Cell>
              <Cell>
                <code className="font-sans select-all">{passphrase}</code>
              </Cell>
              <Cell figures>
                <CopyButton compact text={passphrase} label={`Copy passphrase of ${name}`} />
              </Cell>
            </tr>
          ))}
        </Table>
      </div>
    </Dialog>
  );
}
