import { headerOfName, RUN_NAME_HEADER } from '#src/domain/comfyui-messages/run-name.ts';
import type { Comfy, Fetch } from './comfy.ts';

/** Tells the class server what the workflow is called that is run: jobs are found by their names. */
export function sendNames({ answerRequests, openName }: Pick<Comfy, 'answerRequests' | 'openName'>): void {
  const native: Fetch | null = answerRequests(
    (route, init) => {
      if (!native || route !== '/prompt' || init?.method !== 'POST') return null;
      const headers = { ...Object.fromEntries(new Headers(init.headers)), [RUN_NAME_HEADER]: headerOfName(openName()) };
      return native(route, { ...init, headers });
    },
    // The class server knows of its own.
    () => undefined,
  );
}
