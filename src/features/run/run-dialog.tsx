import { useStored } from '#src/ui/browser/use-stored.ts';
import { Dialog } from '#src/ui/dialogs/dialog.tsx';
import type { Submissions } from '../jobs/submissions.ts';
import type { RunWith } from '../results/actions/run-with.ts';
import { ComfyOffer } from './comfy-offer.tsx';
import { FileForm } from './file-form.tsx';
import { GivenForm } from './given-form.tsx';
import { OfferForm } from './offer-form.tsx';
import { OfferList } from './offer-list.tsx';
import { SentWithWarnings } from './sent-with-warnings.tsx';
import { useOffers } from './use-offers.ts';
import { type Run, useRun } from './use-run.ts';

type RunDialogProps = {
  /** A workflow file that was dropped on the page or chosen. */
  file: File | null;
  onFile: (file: File | null) => void;
  /** An upload that a workflow is to be run with. */
  given: RunWith | null;
  sending: Submissions;
  onClose: () => void;
};

export function RunDialog({ file, given, onFile, sending, onClose }: RunDialogProps) {
  const run = useRun(sending, onClose);
  const isChoosing = run.warnings.length === 0 && file === null && given === null;
  return (
    <Dialog wide={isChoosing ? 'panes' : true} title={given ? 'Use as input' : 'Run a workflow'} onClose={onClose}>
      {run.warnings.length > 0 ? (
        <SentWithWarnings warnings={run.warnings} onClose={onClose} />
      ) : file ? (
        <FileForm key={`${file.name} ${file.lastModified}`} file={file} onFile={onFile} run={run} />
      ) : given ? (
        <GivenForm key={given.inputName} given={given} onFile={onFile} run={run} />
      ) : (
        <Choice run={run} onFile={onFile} />
      )}
    </Dialog>
  );
}

/** One list of what can be run, the form of the chosen one, and the way to a file of one's own. */
function Choice({ run, onFile }: { run: Run; onFile: (file: File) => void }) {
  const { offers, unread } = useOffers();
  const [chosenId, setChosenId] = useStored('comfyume.sample', '');
  const chosen = offers?.find(({ id }) => id === chosenId) ?? offers?.[0];
  return (
    <div className="flex flex-col gap-4 sm:h-full sm:flex-row sm:gap-6">
      <div className="min-w-0 sm:h-full sm:w-68 sm:shrink-0">
        {unread !== null && (
          <p role="alert" className="mb-2">{`The ${unread} could not be read. Close this and try again.`}</p>
        )}
        {offers ? (
          <OfferList offers={offers} chosen={chosen} onChoose={({ id }) => setChosenId(id)} onFile={onFile} />
        ) : (
          <div aria-busy className="flex gap-2 overflow-hidden sm:flex-col">
            {['a', 'b', 'c', 'd'].map((place) => (
              <div key={place} className="h-44 w-36 shrink-0 rounded bg-raised sm:h-16 sm:w-full" />
            ))}
          </div>
        )}
      </div>
      <div className="min-w-0 grow sm:-mr-4 sm:overflow-y-auto sm:pr-4">
        {chosen?.type === 'editor' && <ComfyOffer offer={chosen} />}
        {chosen && chosen.type !== 'editor' && <OfferForm key={chosen.id} offer={chosen} run={run} onFile={onFile} />}
      </div>
    </div>
  );
}
