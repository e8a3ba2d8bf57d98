'use client';

import { ClassCodes } from './class-codes.tsx';
import { ClassTokens } from './class-tokens.tsx';
import { FormerParticipants } from './former-participants.tsx';
import { Participants } from './participants.tsx';

export function ParticipantsScreen() {
  return (
    <>
      <h1 className="text-20 font-semibold">Participants</h1>
      <Participants />
      <ClassCodes />
      <ClassTokens />
      <FormerParticipants />
    </>
  );
}
