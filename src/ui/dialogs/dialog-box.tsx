import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import { type ReactNode, useState } from 'react';
import { iconClass } from '../buttons/button.tsx';
import { join } from '../join.ts';

export type DialogProps = {
  title: string;
  description?: string;
  onClose: () => void;
  /** `panes`: for two columns; `screen`: as large as the window, to be seen from afar. */
  wide?: boolean | 'panes' | 'screen';
  children: ReactNode;
};

const SIZES = {
  false: 'sm:top-[10dvh] sm:max-h-[80dvh] sm:max-w-[480px]',
  true: 'sm:top-[10dvh] sm:max-h-[80dvh] sm:max-w-[720px]',
  // As high whatever is chosen, so that nothing jumps.
  panes: 'sm:top-[6dvh] sm:h-[min(88dvh,800px)] sm:max-h-none sm:max-w-[960px]',
  screen: 'sm:top-4 sm:h-[calc(100dvh-32px)] sm:max-h-none',
} as const;

export function DialogBox({ title, description, onClose, wide = false, children }: DialogProps) {
  const [opener] = useState(() => document.activeElement);
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-arrive bg-black/60" />
        <Radix.Content
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
          onOpenAutoFocus={(event) => {
            const content = event.target;
            if (!(content instanceof HTMLElement)) return;
            // What is still loading comes before what is there already: the dialog itself has the focus until then.
            const isLoading = content.querySelector('[aria-busy="true"]') !== null;
            const first = isLoading ? content : content.querySelector<HTMLElement>('[data-first]');
            if (!first) return;
            event.preventDefault();
            first.focus();
          }}
          onCloseAutoFocus={(event) => {
            // Radix gives the focus back only to a trigger of its own.
            event.preventDefault();
            if (opener instanceof HTMLElement) opener.focus();
          }}
          className={join(
            'fixed z-50 flex animate-arrive flex-col bg-panel shadow-float outline-none',
            'inset-x-0 bottom-0 max-h-[92dvh] rounded-t border-t border-line',
            'sm:inset-auto sm:left-1/2 sm:w-[calc(100%-32px)] sm:-translate-x-1/2 sm:rounded sm:border',
            SIZES[`${wide}`],
          )}
        >
          <header className="py-3.5 pr-14 pl-4">
            <Radix.Title className="text-15 font-semibold">{title}</Radix.Title>
            {description !== undefined && <Radix.Description className="text-quiet">{description}</Radix.Description>}
          </header>
          <div className="min-h-0 grow overflow-y-auto px-4 pt-1 pb-4">{children}</div>
          {/* Last, so that the first thing to do has the focus when the dialog opens. */}
          <Radix.Close aria-label="Close" title="Close" className={iconClass('absolute top-2.5 right-3')}>
            <X size={16} aria-hidden />
          </Radix.Close>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
