/** What a front end writes for a workflow that has no id yet. */
const NO_ID = '00000000-0000-0000-0000-000000000000';
const MAX_LENGTH = 100;

/** The id that the editor gave a workflow; null where it has none, or nothing that can be one. */
export function workflowIdOf(workflow: unknown): string | null {
  const id: unknown = typeof workflow === 'object' && workflow !== null && 'id' in workflow ? workflow.id : null;
  return typeof id === 'string' && id !== '' && id.length <= MAX_LENGTH && id !== NO_ID ? id : null;
}
