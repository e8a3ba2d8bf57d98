'use client';

import { Backups } from './backups.tsx';
import { CleanUp } from './clean-up.tsx';
import { Findings } from './findings.tsx';
import { FreeSpace } from './free-space.tsx';
import { FreeUpSpace } from './free-up-space.tsx';
import { Models } from './models.tsx';
import { OrphanedFiles } from './orphaned-files.tsx';
import { People } from './people.tsx';

export function StorageScreen() {
  return (
    <>
      <h1 className="text-20 font-semibold">Storage</h1>
      <FreeSpace />
      <FreeUpSpace />
      <Findings />
      <People />
      <Backups />
      <CleanUp />
      <Models />
      <OrphanedFiles />
    </>
  );
}
