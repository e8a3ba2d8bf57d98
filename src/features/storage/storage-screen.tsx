'use client';

import { Backups } from './backups.tsx';
import { CleanUp } from './clean-up.tsx';
import { Findings } from './findings.tsx';
import { Rooms } from './free-space.tsx';
import { MakeRoom } from './free-up-space.tsx';
import { Models } from './models.tsx';
import { Strays } from './orphaned-files.tsx';
import { People } from './people.tsx';

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
      <Strays />
    </>
  );
}
