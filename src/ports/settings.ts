import type { Settings } from '#src/domain/settings/settings.ts';

export interface SettingStore {
  read(): Promise<Settings>;
  change(part: Partial<Settings>): Promise<Settings>;
}
