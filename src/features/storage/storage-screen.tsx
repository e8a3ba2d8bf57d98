'use client';

import { Backups } from './backups.tsx';
import { CleanUp } from './clean-up.tsx';
import { Findings } from './findings.tsx';
import { MakeRoom } from './make-room.tsx';
import { Models } from './models.tsx';
import { OrphanedFiles } from './orphaned-files.tsx';
import { People } from './people.tsx';
import { Rooms } from './rooms.tsx';

export function StorageScreen() {
  return (
    <>
      <h1 className="text-20 font-semibold">Storage</h1>
      <Rooms />
      <MakeRoom />
      <Findings />
      <People />
      <Backups />
      <CleanUp />
      <Models />
      <OrphanedFiles />
    </>
  );
}
