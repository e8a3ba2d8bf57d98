import type { TRPCClient } from '@trpc/client';
import type { AppRouter } from '#src/api/app/router.ts';
import { exactJson } from '#src/domain/workflow/exact-json.ts';
import { saveText } from '#src/ui/browser/save-text.ts';
import { notifyFailure } from '#src/ui/toasts/notify.ts';
import { failureOf } from '../api-client/failure.ts';

/** Saves a shared workflow in the editor's format. */
export async function saveWorkflow(client: TRPCClient<AppRouter>, id: string): Promise<void> {
  try {
    const { name, workflow, exactWorkflow } = await client.workflows.get.query({ id });
    saveText(`${name}.json`, 'application/json', exactJson(workflow, exactWorkflow, 2));
  } catch (error) {
    notifyFailure(failureOf(error).sentence);
  }
}
