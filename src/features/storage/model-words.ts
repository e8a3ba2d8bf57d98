import type { Checked, ModelFile } from '#src/domain/workflow/needed-models.ts';

export const missingWords = ({ name, folders }: Pick<Checked, 'name' | 'folders'>): string =>
  folders === null ? `Missing: ${name}, in any folder` : `Missing: ${name} in ${folders[0]}`;

/** Null where no name is similar. */
export const nearWords = (near: readonly ModelFile[]): string | null =>
  near.length === 0 ? null : `Did you mean: ${near.map(({ folder, name }) => `${folder}/${name}`).join(', ')}`;
