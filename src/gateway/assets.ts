import type { Call, Routes } from './routes.ts';

/** As ComfyUI says it without `--enable-assets`. Its page then goes by `/jobs` and `/internal/files`. */
const disabled = ({ say }: Pick<Call, 'say'>): void =>
  say(
    {
      error: {
        code: 'SERVICE_DISABLED',
        message: 'Assets system is disabled. Start the server with --enable-assets to use this feature.',
        details: {},
      },
    },
    503,
  );

/** ComfyUI's own store of files. Without `/api` in front, `/assets` is what the page is made of. */
export const assetRoutes = (): Routes => ({
  'GET /api/assets/*path': disabled,
  'POST /api/assets/*path': disabled,
  'PUT /api/assets/*path': disabled,
  'DELETE /api/assets/*path': disabled,
  'GET /api/tags': disabled,
});
