import type { Routes } from './routes.ts';

/** What ComfyUI says of itself. */
export const systemRoutes = (): Routes => ({
  'GET /features': ({ say }) => say({ supports_preview_metadata: true, node_replacements: true, assets: false }),
  'GET /users': ({ say }) => say({ storage: 'server', migrated: true }),
});
