import { HOUR_MS } from '#src/domain/file-facts.ts';
import type { Clock } from '#src/ports/random.ts';
import type { ResultStore } from '#src/ports/results.ts';
import type { SettingStore } from '#src/ports/settings.ts';

/** Previews that nobody has kept in time are moved to the trash for good: `deleteRemoved` deletes them. */
export async function expirePreviews(deps: {
  results: Pick<ResultStore, 'expirePreviews'>;
  settings: SettingStore;
  clock: Clock;
}): Promise<void> {
  const { keepPreviewsHours } = await deps.settings.read();
  await deps.results.expirePreviews(deps.clock.now() - keepPreviewsHours * HOUR_MS);
}
