import { CopyButton } from '../buttons/copy-button.tsx';

/** A secret that is shown only once, with a button to copy it. */
export function Secret({ label, text }: { label: string; text: string }) {
  return (
    <div className="flex items-center gap-2 rounded border border-line bg-field py-1 pr-1 pl-3">
      <output aria-label={label} className="min-w-0 grow text-13 break-all select-all">
        {text}
      </output>
      <CopyButton compact text={text} label={`Copy ${label.toLowerCase()}`} />
    </div>
  );
}
