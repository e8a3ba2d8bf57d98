/** A workflow that operators offer to the class. */
export type Workflow = {
  readonly id: string;
  readonly name: string;
  /** Whether it is known in the API format too: only then can it be sent to a GPU. */
  readonly canRun: boolean;
  readonly offered: boolean;
  readonly createdAt: number;
};

export type WorkflowFile = { readonly workflow: string; readonly prompt: string | null };

export interface WorkflowStore {
  /** By name. */
  list(): Promise<Workflow[]>;
  find(workflowId: string): Promise<(Workflow & WorkflowFile) | null>;
  /** AppError `conflict` when the name is taken. */
  add(workflow: WorkflowFile & { id: string; name: string; now: number }): Promise<void>;
  setOffered(workflowId: string, offered: boolean): Promise<boolean>;
  remove(workflowId: string): Promise<boolean>;
}
