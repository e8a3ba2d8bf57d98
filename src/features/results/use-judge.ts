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
  | { readonly stars: number };

export const MOST_COMPARED = 4;

/** Does to results, given by their ids, what a button or a key says. */
export function useJudge(): (ids: readonly string[], what: Judgement) => void {
  const gallery = useGallery();
  const marks = useMarks();

  function act(results: readonly ResultView[], what: Judgement): void {
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
        marks.putAway(results.filter(({ removedAt }) => removedAt === null));
        return;
      case 'bring back':
        marks.bringBack(results.filter(({ removedAt }) => removedAt !== null));
        return;
      case 'wall':
        if (results.some(({ removedAt }) => removedAt !== null))
          notify('Bring it back before you show it on the wall.');
        else marks.hang(results, !results.every(({ onWall }) => onWall));
        return;
      case 'download': {
        const [first, second] = results;
        if (second) openTakeHome({ selected: results, filter: null });
        else if (first) window.location.assign(downloadUrl(first));
        return;
      }
    }
  }

  return (ids, what) => {
    gallery.whole(ids).then(
      (results) => act(results, what),
      (error) => notifyFailure(failureOf(error).sentence),
    );
  };
}
