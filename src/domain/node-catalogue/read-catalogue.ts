import { AppError } from '../errors.ts';
import { fileSize } from '../measures.ts';
import type { Catalogue, NodeClass, Place, WorkerModels } from './catalogue.ts';
import { classTexts } from './class-texts.ts';
import { collectNames, readClass } from './read-class.ts';

const MAX_LENGTH = 64_000_000;

export type CatalogueFacts = { readonly models: readonly WorkerModels[]; readonly replaced: readonly string[] };

/**
 * What an endpoint's workers can run, out of the body of `/object_info`. Yields after each class, twice: whoever runs it can let others in between.
 * Throws AppError `invalid_input` when it is none.
 */
export function* readCatalogue(objectInfo: string, { models, replaced }: CatalogueFacts): Generator<void, Catalogue> {
  if (objectInfo.length > MAX_LENGTH)
    throw new AppError(
      'too_large',
      `What the worker tells of its nodes has ${fileSize(objectInfo.length)}; at most ${fileSize(MAX_LENGTH)} are kept.`,
    );
  try {
    const foreign = new Set<string>();
    for (const { text } of classTexts(objectInfo)) {
      collectNames(text, foreign);
      yield;
    }
    for (const { files } of models) for (const name of files) foreign.delete(name);
    const classes = new Map<string, NodeClass>();
    const sharing = new Map<string, Place>();
    for (const { name, text } of classTexts(objectInfo)) {
      classes.set(name, readClass(name, text, { models, foreign }, sharing));
      yield;
    }
    return { classes, models, replaced: new Set(replaced) };
  } catch (error) {
    if (error instanceof AppError && error.code === 'too_large') throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new AppError('invalid_input', `This is not what ComfyUI tells of its nodes: ${why}`, { cause: error });
  }
}

/** The same at once. */
export function catalogueOf(objectInfo: string, told: CatalogueFacts): Catalogue {
  const reading = readCatalogue(objectInfo, told);
  for (let step = reading.next(); ; step = reading.next()) if (step.done) return step.value;
}
