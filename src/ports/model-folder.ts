import type { ModelFile } from '#src/domain/workflow/needed-models.ts';

export type Models = {
  readonly dir: string;
  /** Null = there is no such folder. */
  readonly files: readonly ModelFile[] | null;
  /** There are more than were looked at. */
  readonly more: boolean;
};

/** The models on the share, as the workers see them. */
export interface ModelFolder {
  list(): Promise<Models>;
}
