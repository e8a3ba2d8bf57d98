'use client';

import { Participants } from './participants.tsx';

export function ParticipantsScreen() {
  return (
    <>
      <h1 className="text-20 font-semibold">Participants</h1>
      <Participants />
    </>
  );
}
