import { useEffect, useRef, useState } from 'react';
import { counted, fileSize } from '#src/domain/measures.ts';
import { loadPart } from '#src/ui/loading/load-part.ts';
import { failureOf } from '../../api-client/failure.ts';
import type { Archive, Choice } from './prepare-archive.ts';

export const startedText = ({ files, bytes, missing }: Archive): string =>
  `Download started: ${counted(files, 'file')}, ${fileSize(bytes)}.${
    missing > 0 ? ` ${counted(missing, 'file is', 'files are')} missing from the disk; missing.txt lists them.` : ''
  } If the connection breaks, your browser can resume it for one day.`;

type State =
  | { readonly type: 'choosing' }
  | { readonly type: 'preparing' }
  | { readonly type: 'started'; readonly archive: Archive }
  | { readonly type: 'failed'; readonly sentence: string };

/** Has an archive prepared, and starts its download. */
export function usePrepared() {
  const [state, setState] = useState<State>({ type: 'choosing' });
  const underway = useRef<AbortController>(undefined);
  useEffect(() => () => underway.current?.abort(), []);

  async function start(choice: Choice): Promise<void> {
    const mine = new AbortController();
    underway.current?.abort();
    underway.current = mine;
    setState({ type: 'preparing' });
    try {
      const { prepare } = await loadPart(() => import('./prepare-archive.ts'));
      const archive = await prepare(choice, mine.signal);
      setState({ type: 'started', archive });
      // It is an attachment, so the page stays open.
      window.location.assign(archive.url);
    } catch (error) {
      if (mine.signal.aborted) return;
      setState({
        type: 'failed',
        sentence: error instanceof Error && !(error instanceof TypeError) ? error.message : failureOf(error).sentence,
      });
    }
  }
  return { state, start: (choice: Choice): void => void start(choice) };
}
