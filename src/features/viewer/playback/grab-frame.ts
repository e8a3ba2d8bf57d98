import { useQueryClient } from '@tanstack/react-query';
import type { ResultView } from '#src/api/views.ts';
import { inputNameOfResult } from '#src/domain/files/input-name-of-result.ts';
import { notify, notifyFailure } from '#src/ui/toasts/notify.ts';
import { useTRPC } from '../../api-client/trpc.ts';
import { openRunWith } from '../../results/actions/run-with.ts';
import { sendInput } from '../../uploads/send-input.ts';

type Playing = Pick<ResultView, 'url' | 'proxyUrl'>;

/** The element that plays a film, from its file or from the copy that this browser can play. */
const playing = ({ url, proxyUrl }: Playing): HTMLVideoElement | undefined =>
  [...document.querySelectorAll('video')].find((film) => [url, proxyUrl].includes(film.getAttribute('src')));

/** What the film shows now, in its full size. */
function pictureOf(film: HTMLVideoElement): Promise<Blob | null> {
  const canvas = document.createElement('canvas');
  canvas.width = film.videoWidth;
  canvas.height = film.videoHeight;
  canvas.getContext('2d')?.drawImage(film, 0, 0);
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
}

/** `boat 00001.mp4` at 1.25 s: `boat 00001 at 1.25 s.png` */
export const frameName = (filename: string, seconds: number): string =>
  `${inputNameOfResult(filename).replace(/\.[^.]*$/, '')} at ${seconds.toFixed(2)} s.png`;

/** Adds the frame that a film shows to the person's uploads. */
export function useGrabFrame(): (result: ResultView) => Promise<void> {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  return async (result) => {
    const film = playing(result);
    if (!film || film.readyState < film.HAVE_CURRENT_DATA || film.videoWidth === 0) {
      notifyFailure('There is no frame to grab: this film is not shown yet.');
      return;
    }
    const name = frameName(result.filename, film.currentTime);
    const isProxy = film.getAttribute('src') === result.proxyUrl;
    try {
      const picture = await pictureOf(film);
      if (!picture) throw new Error('This browser could not make a picture of the frame.');
      const inputName = await sendInput(new File([picture], name, { type: 'image/png' }), name);
      void queryClient.invalidateQueries(trpc.inputs.pathFilter());
      const size = `${film.videoWidth} × ${film.videoHeight}`;
      const words = isProxy ? `, ${size}: this browser plays a smaller copy of the film.` : `, ${size}.`;
      notify(
        `Frame added to Inputs${words}`,
        { label: 'Use it', onClick: () => openRunWith({ inputName, media: 'image' }) },
        'result-action',
      );
    } catch (error) {
      notifyFailure(error instanceof Error ? error.message : String(error));
    }
  };
}
