import { useEffect, useRef, useState } from 'react';
import { takeFocus } from '#src/ui/dialogs/take-focus.ts';
import { SearchField } from '#src/ui/forms/search-field.tsx';
import { FilePicker } from './file-picker.tsx';
import { OfferCard } from './offer-card.tsx';
import { matching, type Offer } from './offers.ts';

/** With more than these, they can be searched. */
const FEW = 8;

type OfferListProps = {
  offers: readonly Offer[];
  chosen: Offer | undefined;
  onChoose: (offer: Offer) => void;
  onFile: (file: File) => void;
};

/** What can be run, as one choice: the class' workflows, the samples, and a file of one's own. On a phone they are one row. */
export function OfferList({ offers, chosen, onChoose, onFile }: OfferListProps) {
  const [words, setWords] = useState('');
  const list = useRef<HTMLFieldSetElement>(null);
  useEffect(() => {
    const checked = list.current?.querySelector<HTMLInputElement>(':checked');
    takeFocus(checked);
    checked?.closest('label')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, []);
  const found = matching(offers, words);
  const groups = [
    { title: 'Class workflows', offers: found.filter(({ type }) => type !== 'sample') },
    { title: 'Samples', offers: found.filter(({ type }) => type === 'sample') },
  ].filter((group) => group.offers.length > 0);
  return (
    <div className="flex min-w-0 flex-col gap-2 sm:h-full">
      {offers.length > FEW && <SearchField label="Search workflows" value={words} onChange={setWords} />}
      <fieldset
        ref={list}
        aria-label="Workflows"
        className="-m-1 flex min-w-0 gap-4 overflow-x-auto p-1 sm:min-h-0 sm:grow sm:flex-col sm:overflow-x-hidden sm:overflow-y-auto"
      >
        {groups.map((group) => (
          <div key={group.title} className="flex shrink-0 flex-col gap-2">
            <h3 className="text-12 text-quiet">{group.title}</h3>
            <div className="flex grow gap-2 sm:flex-col">
              {group.offers.map((offer) => (
                <OfferCard key={offer.id} offer={offer} checked={offer === chosen} onChoose={() => onChoose(offer)} />
              ))}
            </div>
          </div>
        ))}
        {groups.length === 0 && <p className="text-quiet">No workflow has this name.</p>}
        <section aria-label="Your own workflow" className="flex w-36 shrink-0 flex-col gap-2 sm:w-full">
          <h3 className="text-12 text-quiet">Your own</h3>
          <div className="grow sm:grow-0">
            <FilePicker onFile={onFile} />
          </div>
        </section>
      </fieldset>
    </div>
  );
}
