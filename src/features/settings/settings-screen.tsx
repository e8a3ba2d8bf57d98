'use client';

import { History } from './history.tsx';
import { SettingsForm } from './settings-form.tsx';

export function SettingsScreen() {
  return (
    <>
      <h1 className="text-20 font-semibold">Settings</h1>
      <SettingsForm />
      <History />
    </>
  );
}
