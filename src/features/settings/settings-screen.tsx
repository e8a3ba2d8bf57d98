'use client';

import { Limits } from './limits.tsx';

export function SettingsScreen() {
  return (
    <>
      <h1 className="text-20 font-semibold">Settings</h1>
      <Limits />
    </>
  );
}
