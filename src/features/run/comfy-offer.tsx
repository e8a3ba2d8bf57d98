import { ExternalLink } from 'lucide-react';
import { buttonClass } from '#src/ui/buttons/button.tsx';
import { useComfyAddress } from '../viewer/parameters/use-comfy-address.ts';
import type { Offer } from './offers.ts';

/** A class workflow that is run in ComfyUI only. */
export function ComfyOffer({ offer: { id, name } }: { offer: Extract<Offer, { type: 'editor' }> }) {
  const address = useComfyAddress({ workflow: id });
  return (
    <div className="flex flex-col items-start gap-3">
      <h3 className="text-15 font-semibold">{name}</h3>
      <p className="max-w-prose text-quiet">
        This workflow is made to be worked on in ComfyUI. Open it there, change it, and press Run: the results arrive
        here.
      </p>
      {address !== null && (
        <a href={address} target="_blank" rel="noreferrer" className={buttonClass('accent')}>
          <ExternalLink size={16} aria-hidden />
          Open in ComfyUI
        </a>
      )}
    </div>
  );
}
