import { inHalves } from '#src/domain/join-code.ts';
import { CopyButton } from '#src/ui/copy-button.tsx';
import { Dialog } from '#src/ui/dialog.tsx';
import { useAddress } from './people.ts';
import { QrCode } from './qr-code.tsx';

type ShowCodeProps = {
  code: { readonly code: string; readonly seats: number; readonly taken: number };
  onClose: () => void;
};

/** To be projected: readable from the last row. */
export function ShowCode({ code: { code, seats, taken }, onClose }: ShowCodeProps) {
  const address = useAddress();
  const link = `${address}/join#${code}`;
  return (
    <Dialog wide title="Join the class" onClose={onClose}>
      <div className="flex flex-col items-center gap-6 sm:flex-row sm:gap-8">
        <QrCode text={link} label={`Code that opens ${link}`} className="w-64 shrink-0" />
        <div className="flex flex-col items-center gap-4 sm:items-start">
          <p className="text-28">{`${address.replace(/^https?:\/\//, '')}/join`}</p>
          <p className="text-[64px] leading-[72px] font-semibold whitespace-nowrap">{inHalves(code)}</p>
          <p role="status" className="text-20 text-quiet tabular-nums">
            {`${taken} of ${seats} seats taken`}
          </p>
          <CopyButton label="Copy the link" text={link} tone="plain" />
        </div>
      </div>
    </Dialog>
  );
}
