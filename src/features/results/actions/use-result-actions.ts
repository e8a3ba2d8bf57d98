import type { ResultView } from '#src/api/views.ts';
import { notify, notifyFailure } from '#src/ui/toasts/notify.ts';
import { failureOf } from '../../api-client/failure.ts';
import { editJob } from '../../versions/edited-job.ts';
import { useVary, VERSIONS, type VersionKind } from '../../versions/use-vary.ts';
import { useGallery } from '../cache/gallery.ts';
import { downloadUrl } from '../downloads/download-url.ts';
import { openDownloadDialog } from '../downloads/open-dialog.ts';
import { toggled } from './marks.ts';
import { useAsInput } from './use-as-input.ts';
import { useResultChanges } from './use-result-changes.ts';

export type ResultAction =
  | 'favourite'
  | 'reject'
  | 'trash'
  | 'restore'
  | 'wall'
  | 'download'
  | 'keep'
  | 'edit'
  | VersionKind
  | 'input'
  | { readonly stars: number };

export const MAX_COMPARED = 4;

/** Previews have no marks, and are neither on the wall nor in archives. */
const isForPreviews = (what: ResultAction): boolean =>
  what === 'trash' || what === 'restore' || what === 'keep' || what === 'input';

const isVersion = (what: ResultAction): what is VersionKind | 'edit' =>
  typeof what === 'string' && (what === 'edit' || what in VERSIONS);

/** Applies the action of a button or key to results, given by ID. */
export function useResultActions(): (ids: readonly string[], what: ResultAction) => void {
  const gallery = useGallery();
  const marks = useResultChanges();
  const vary = useVary();

  async function makeVersion({ jobId, title }: ResultView, what: VersionKind | 'edit'): Promise<void> {
    if (what === 'edit') return editJob(jobId);
    const { version, queued } = VERSIONS[what];
    const why = await vary({ id: jobId, title }, version, queued);
    if (why !== null) notifyFailure(why);
  }
  const asInput = useAsInput();

  function act(chosen: readonly ResultView[], what: ResultAction): void {
    if (chosen.length === 0) {
      notify('Only the owner of a result can do this.', undefined, 'result-action');
      return;
    }
    if (isVersion(what)) {
      if (new Set(chosen.map(({ jobId }) => jobId)).size > 1)
        notify('Select results of one job to run it again.', undefined, 'result-action');
      else if (chosen[0]) void makeVersion(chosen[0], what);
      return;
    }
    const results = isForPreviews(what) ? chosen : chosen.filter(({ preview }) => !preview);
    const [only, another] = chosen;
    if (what === 'download' && only && !another) {
      window.location.assign(downloadUrl(only));
      return;
    }
    if (results.length === 0) {
      notify('Previews are deleted after a while. Keep this one first.', undefined, 'result-action');
      return;
    }
    if (typeof what === 'object') {
      marks.mark(results, { rating: what.stars });
      return;
    }
    switch (what) {
      case 'favourite':
        marks.mark(results, toggled(results, 'favourite'));
        return;
      case 'reject':
        marks.mark(results, toggled(results, 'rejected'));
        return;
      case 'trash':
        marks.moveToTrash(results.filter(({ removedAt }) => removedAt === null));
        return;
      case 'restore':
        marks.restore(results.filter(({ removedAt }) => removedAt !== null));
        return;
      case 'wall':
        if (results.some(({ removedAt }) => removedAt !== null)) notify('Restore it before you show it on the wall.');
        else marks.showOnWall(results, !results.every(({ onWall }) => onWall));
        return;
      case 'download':
        openDownloadDialog({ selected: results, filter: null });
        return;
      case 'input':
        if (only && !another) void asInput(only);
        else notify('Select one result to use it as input.', undefined, 'result-action');
        return;
      case 'keep':
        marks.keep(results.filter(({ preview }) => preview));
        return;
    }
  }

  return (ids, what) => {
    gallery.whole(ids).then(
      (results) => act(results, what),
      (error) => notifyFailure(failureOf(error).sentence),
    );
  };
}
