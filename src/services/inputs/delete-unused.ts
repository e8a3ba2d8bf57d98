import { RESTORABLE_MS } from '#src/domain/file-facts.ts';
import type { InputPictures, InputShare, InputStore } from '#src/ports/inputs.ts';
import type { Log } from '#src/ports/log.ts';
import type { Clock } from '#src/ports/random.ts';

const AT_ONCE = 200;

/** Deletes files of uploads that nobody has had for a day. */
export async function deleteUnused(deps: {
  inputs: Pick<InputStore, 'unused' | 'isUnused' | 'forget'>;
  inputShare: Pick<InputShare, 'discard'>;
  inputPictures: Pick<InputPictures, 'discard'>;
  clock: Clock;
  log: Log;
}): Promise<void> {
  const { inputs, inputShare, inputPictures, clock, log } = deps;
  for (const file of await inputs.unused(clock.now() - RESTORABLE_MS, AT_ONCE)) {
    try {
      await inputShare.discard(file, () => inputs.isUnused(file));
      await inputPictures.discard(file);
      await inputs.forget(file);
    } catch (error) {
      log.error({ err: error, file }, 'could not delete an unused upload, retrying later');
    }
  }
}
