import { inHalves } from '#src/domain/users/join-code.ts';
import { CopyButton } from '#src/ui/buttons/copy-button.tsx';
import { Dialog } from '#src/ui/dialogs/dialog.tsx';
import { useAddress } from './people.ts';
import { QrCode } from './qr-code.tsx';

type ShowCodeProps = {
  code: { readonly code: string; readonly seats: number; readonly taken: number };
  onClose: () => void;
};

/** For the projector: readable from the last row. */
export function ShowCode({ code: { code, seats, taken }, onClose }: ShowCodeProps) {
  const address = useAddress();
  const link = `${address}/join#${code}`;
  return (
    <Dialog wide="screen" title="Join the class" onClose={onClose}>
      <div className="flex min-h-full flex-col items-center justify-center gap-6 lg:flex-row lg:gap-[4vw]">
        <QrCode text={link} label={`Code that opens ${link}`} className="w-64 shrink-0 lg:w-[min(38vw,76dvh)]" />
        <div className="flex flex-col items-center gap-4 lg:items-start">
          <p className="text-center text-[clamp(20px,3vw,56px)] leading-tight lg:text-left">{`${address.replace(/^https?:\/\//, '')}/join`}</p>
          <p className="text-[clamp(56px,9vw,176px)] leading-tight font-semibold whitespace-nowrap">{inHalves(code)}</p>
          <p role="status" className="text-20 text-quiet tabular-nums">
            {`${taken} of ${seats} seats taken`}
          </p>
          <CopyButton label="Copy the link" text={link} tone="plain" />
        </div>
      </div>
    </Dialog>
  );
}
