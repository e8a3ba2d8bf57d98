import type { TRPCClient } from '@trpc/client';
import type { AppRouter } from '#src/api/router.ts';
import { notifyFailure } from '#src/ui/notify.ts';
import { saveText } from '#src/ui/save-text.ts';
import { failureOf } from '../server/failure.ts';

/** Saves a handed-out workflow as the editor's own file. */
export async function saveWorkflow(client: TRPCClient<AppRouter>, id: string): Promise<void> {
  try {
    const { name, workflow } = await client.workflows.get.query({ id });
    saveText(`${name}.json`, 'application/json', JSON.stringify(workflow, null, 2));
  } catch (error) {
    notifyFailure(failureOf(error).sentence);
  }
}
