import type { ResultView } from '#src/api/views.ts';
import { notify, notifyFailure } from '#src/ui/notify.ts';
import { failureOf } from '../server/failure.ts';
import { openTakeHome } from '../take-home/open.ts';
import { downloadUrl } from './download-url.ts';
import { useGallery } from './gallery.ts';
import { toggled } from './marks.ts';
import { useMarks } from './use-marks.ts';

export type Judgement =
  | 'favourite'
  | 'reject'
  | 'put away'
  | 'bring back'
  | 'wall'
  | 'download'
  | 'keep'
  | { readonly stars: number };

export const MAX_COMPARED = 4;

/** Marks, the wall and archives are for what stays. */
const isForPreviews = (what: Judgement): boolean => what === 'put away' || what === 'bring back' || what === 'keep';

/** Does to results, given by their ids, what a button or a key says. */
export function useJudge(): (ids: readonly string[], what: Judgement) => void {
  const gallery = useGallery();
  const marks = useMarks();

  function act(chosen: readonly ResultView[], what: Judgement): void {
    const results = isForPreviews(what) ? chosen : chosen.filter(({ preview }) => !preview);
    const [only, another] = chosen;
    if (what === 'download' && only && !another) {
      window.location.assign(downloadUrl(only));
      return;
    }
    if (results.length === 0) {
      notify('Previews are deleted after a while. Keep this one first.', undefined, 'judged');
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
      case 'put away':
        marks.trash(results.filter(({ removedAt }) => removedAt === null));
        return;
      case 'bring back':
        marks.restore(results.filter(({ removedAt }) => removedAt !== null));
        return;
      case 'wall':
        if (results.some(({ removedAt }) => removedAt !== null)) notify('Restore it before you show it on the wall.');
        else marks.hang(results, !results.every(({ onWall }) => onWall));
        return;
      case 'download':
        openTakeHome({ selected: results, filter: null });
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
