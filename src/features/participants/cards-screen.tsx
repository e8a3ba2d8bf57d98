'use client';

import { Printer } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { counted } from '#src/domain/measures.ts';
import { Button, buttonClass } from '#src/ui/buttons/button.tsx';
import { signInLink } from '../sign-in/sign-in-link.ts';
import { type Card, forgetCards, keptCards } from './cards.ts';
import { useAddress } from './people.ts';
import { QrCode } from './qr-code.tsx';

const ON_A_PAGE = 8;
const LOCAL = /^https?:\/\/(localhost|127\.|\[::1\])/;

const pages = (cards: readonly Card[]): Card[][] =>
  Array.from({ length: Math.ceil(cards.length / ON_A_PAGE) }, (_, n) =>
    cards.slice(n * ON_A_PAGE, (n + 1) * ON_A_PAGE),
  );

/** One card for each person, to be printed and cut. */
export function CardsScreen() {
  const address = useAddress();
  const [cards, setCards] = useState(keptCards);

  if (cards.length === 0)
    return (
      <>
        <h1 className="text-20 font-semibold">Cards</h1>
        <p className="max-w-[60ch] text-15">
          Nothing to print. Passphrases are available only right after they are created: add participants or create new
          passphrases, then print the cards.
        </p>
        <Link href="/admin/participants" className={buttonClass('plain', 'self-start')}>
          Go to participants
        </Link>
      </>
    );

  return (
    <>
      <style>{'@page { size: A4; margin: 0 }'}</style>
      <header className="flex flex-col gap-3 print:hidden">
        <h1 className="text-20 font-semibold">{counted(cards.length, 'card')}</h1>
        <p className="max-w-[70ch]">
          A4, eight on a page, without margins. People sign in with the code, or with address, name and passphrase.
          Anyone with a card can sign in with it.
        </p>
        {LOCAL.test(address) && (
          <p role="alert" className="max-w-[70ch] text-failed">
            The cards say {address}, which works only on this computer. Open this page by the address that participants
            use, or set PUBLIC_URL.
          </p>
        )}
        <div className="flex flex-wrap gap-2">
          <Button tone="accent" icon={Printer} onClick={() => window.print()}>
            Print
          </Button>
          <Link
            href="/admin/participants"
            className={buttonClass('plain')}
            onClick={() => {
              forgetCards();
              setCards([]);
            }}
          >
            Done, discard passphrases
          </Link>
        </div>
      </header>
      <ul
        aria-label="Cards"
        className="flex flex-col gap-6 overflow-x-auto print:block print:overflow-visible print:[&>li+li]:break-before-page"
      >
        {pages(cards).map((page) => (
          <li key={page[0]?.id} className="shrink-0 self-start shadow-float print:shadow-none">
            <ul className="grid h-[296mm] w-[210mm] grid-cols-2 grid-rows-4 bg-white text-black">
              {page.map((card) => (
                <PrintedCard key={card.id} card={card} address={address} />
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </>
  );
}

const MARKS = [
  'top-0 left-0 border-t border-l',
  'top-0 right-0 border-t border-r',
  'bottom-0 left-0 border-b border-l',
  'right-0 bottom-0 border-r border-b',
];

const nameSize = (name: string): string => {
  if (name.length <= 12) return 'text-[30px] leading-[34px]';
  return name.length <= 26 ? 'text-[22px] leading-[26px]' : 'text-[16px] leading-[20px]';
};

function PrintedCard({ card: { name, passphrase }, address }: { card: Card; address: string }) {
  return (
    <li aria-label={name} className="relative flex items-center gap-[5mm] overflow-hidden p-[7mm]">
      {MARKS.map((mark) => (
        <span key={mark} aria-hidden className={`absolute size-[5mm] border-black ${mark}`} />
      ))}
      <QrCode
        text={signInLink(address, name, passphrase)}
        label={`Code that signs in ${name}`}
        className="w-[34mm] shrink-0"
      />
      <div className="flex min-w-0 flex-col gap-[2mm]">
        <p className={`font-semibold text-balance ${nameSize(name)}`}>{name}</p>
        <p className="text-[13px] leading-[17px]">{address.replace(/^https?:\/\//, '')}</p>
        <p className="text-[19px] leading-[25px] font-semibold text-balance">
          {passphrase.split('-').map((word, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the words of a passphrase stay where they are, and may be equal
            <span key={index}>
              {index > 0 && '-'}
              <wbr />
              {word}
            </span>
          ))}
        </p>
      </div>
    </li>
  );
}
