import type { ModelFile } from '#src/domain/workflow/needed-models.ts';
import type { Clock } from '#src/ports/random.ts';
import type { ModelFolder, ModelNames } from '#src/ports/share.ts';

const KEPT_MS = 10_000;

/** The models that can be seen, read at most once in ten seconds however many ask; null where they cannot all be seen. */
export function createModelNames({
  modelFolder,
  clock,
}: {
  modelFolder: Pick<ModelFolder, 'list'>;
  clock: Clock;
}): ModelNames {
  let kept: { readonly until: number; readonly files: Promise<readonly ModelFile[] | null> } | null = null;

  async function read(): Promise<readonly ModelFile[] | null> {
    const { files, more } = await modelFolder.list();
    return more ? null : files;
  }

  return {
    seen() {
      if (kept && kept.until > clock.now()) return kept.files;
      const files = read().catch(() => null);
      kept = { until: clock.now() + KEPT_MS, files };
      return files;
    },
  };
}
