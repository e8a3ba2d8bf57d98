import { AppError } from '#src/domain/errors.ts';
import type { SettingStore } from '#src/ports/settings.ts';
import type { Routes } from './routes.ts';

/** What ComfyUI says of itself. */
export const systemRoutes = (deps: { settings: SettingStore }): Routes => ({
  async 'GET /features'({ say }) {
    const { inputLimitBytes } = await deps.settings.read();
    say({ supports_preview_metadata: true, max_upload_size: inputLimitBytes, node_replacements: true, assets: false });
  },
  'GET /users': ({ say }) => say({ storage: 'server', migrated: true }),
  'POST /users'() {
    throw new AppError('forbidden', 'People are added by an operator, in Admin.');
  },
});
