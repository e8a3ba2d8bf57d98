'use client';

import { Strays } from './strays.tsx';

export function StorageScreen() {
  return (
    <>
      <h1 className="text-20 font-semibold">Storage</h1>
      <Strays />
    </>
  );
}
