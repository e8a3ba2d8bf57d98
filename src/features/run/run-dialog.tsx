import { useStored } from '#src/ui/browser/use-stored.ts';
import { Dialog } from '#src/ui/dialogs/dialog.tsx';
import type { Submissions } from '../jobs/submissions.ts';
import type { RunWith } from '../results/actions/run-with.ts';
import { ComfyOffer } from './comfy-offer.tsx';
import { FileForm } from './file-form.tsx';
import { FilePicker } from './file-picker.tsx';
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
    <div className="grid gap-x-6 gap-y-4 sm:grid-cols-[17rem_minmax(0,1fr)] sm:grid-rows-[auto_1fr]">
      <div className="min-w-0">
        {unread !== null && (
          <p role="alert" className="mb-2">{`The ${unread} could not be read. Close this and try again.`}</p>
        )}
        {offers ? (
          <OfferList offers={offers} chosen={chosen} onChoose={({ id }) => setChosenId(id)} />
        ) : (
          <div aria-busy className="flex flex-col gap-2">
            {['a', 'b', 'c', 'd'].map((place) => (
              <div key={place} className="h-14 rounded bg-raised" />
            ))}
          </div>
        )}
      </div>
      <div className="min-w-0 sm:col-start-2 sm:row-span-2 sm:row-start-1">
        {chosen?.type === 'editor' && <ComfyOffer offer={chosen} />}
        {chosen && chosen.type !== 'editor' && <OfferForm key={chosen.id} offer={chosen} run={run} onFile={onFile} />}
      </div>
      <section aria-label="Your own workflow" className="flex flex-col gap-2">
        <h3 className="text-12 text-quiet">Your own</h3>
        <FilePicker onFile={onFile} />
      </section>
    </div>
  );
}
