import type { ApiRoutes } from './call.ts';

export const apiJobRoutes = (): ApiRoutes => ({
  'GET /api/v2/jobs': ({ say }) => say({ jobs: [], next_cursor: null }),
});
