import { CopyButton } from '#src/ui/copy-button.tsx';
import { Dialog } from '#src/ui/dialog.tsx';
import { Cell, Table } from '#src/ui/table.tsx';

export type Passphrase = { readonly id: string; readonly name: string; readonly passphrase: string };

const COLUMNS = [{ name: 'Name' }, { name: 'Passphrase' }, { name: 'Copy', hidden: true }];

type PassphrasesDialogProps = { passphrases: readonly Passphrase[]; onClose: () => void };

export function PassphrasesDialog({ passphrases, onClose }: PassphrasesDialogProps) {
  return (
    <Dialog
      wide
      title={passphrases.length === 1 ? 'New passphrase' : 'New passphrases'}
      description="This is the only time they are shown. Copy them now; a lost one can be replaced."
      onClose={onClose}
    >
      <div className="flex flex-col gap-4">
        <Table label="Passphrases" columns={COLUMNS}>
          {passphrases.map(({ id, name, passphrase }) => (
            <tr key={id}>
              <Cell>{name}</Cell>
              <Cell>
                <code className="font-sans select-all">{passphrase}</code>
              </Cell>
              <Cell figures>
                <CopyButton compact text={passphrase} label={`Copy passphrase of ${name}`} />
              </Cell>
            </tr>
          ))}
        </Table>
        <div className="flex justify-end">
          <CopyButton
            tone="accent"
            label="Copy all"
            text={passphrases.map(({ name, passphrase }) => `${name}\t${passphrase}`).join('\n')}
          />
        </div>
      </div>
    </Dialog>
  );
}
