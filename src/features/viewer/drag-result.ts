import type { ResultView } from '#src/api/views.ts';
import { DRAGGED_RESULT } from '../results/files/dragged-result.ts';

type DraggedResult = Pick<ResultView, 'id' | 'url' | 'filename' | 'mime'>;
type Transfer = Pick<DataTransfer, 'setData'> & { effectAllowed: string };

const nameOf = (filename: string): string => filename.slice(filename.lastIndexOf('/') + 1);

/**
 * The data of a result that is dragged out of the page: the file as it is, metadata and all, for a folder, and for ComfyUI the workflow itself.
 * The browser adds the picture where it can.
 */
export function dragResult(transfer: Transfer, result: DraggedResult, workflow: string | null, origin: string): void {
  const address = new URL(result.url, origin).href;
  transfer.effectAllowed = 'copy';
  transfer.setData(DRAGGED_RESULT, result.id);
  // The colons are the format's own: a name must not hold one.
  transfer.setData(
    'DownloadURL',
    `${result.mime}:${nameOf(result.filename).replaceAll(':', '_')}:${address}?download=1`,
  );
  transfer.setData('text/uri-list', address);
  transfer.setData('text/plain', workflow ?? address);
  if (workflow !== null) transfer.setData('application/json', workflow);
}
