import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ResultView } from '#src/api/views.ts';
import { isPlayable } from './playable.ts';

export type FilmSource =
  | { readonly state: 'ready'; readonly url: string; readonly isProxy: boolean; readonly onError: () => void }
  | { readonly state: 'making' }
  | { readonly state: 'cannot'; readonly sentence: string };

const NO_PROXY = 'This browser cannot play this kind of file.';
const ASK_AGAIN_MS = 2000;

/** Whether the server has a copy that every browser plays: ready, being made, or why there is none. */
async function askFor(url: string, signal: AbortSignal): Promise<'ready' | 'making' | { sentence: string }> {
  const response = await fetch(url, { headers: { range: 'bytes=0-0' }, signal });
  if (response.status === 202) return 'making';
  if (response.ok) return 'ready';
  return { sentence: (await response.text()).trim() || NO_PROXY };
}

type Played = Pick<ResultView, 'url' | 'proxyUrl' | 'mime' | 'codecs'>;

/** Where a film or sound is played from: itself, or where this browser cannot, a copy that the server makes for it. */
export function useFilmSource({ url, proxyUrl, mime, codecs }: Played): FilmSource {
  // Where there is nothing else, it is worth trying whatever the browser says: it does not know every name of a codec.
  const [itself, setItself] = useState(
    () =>
      proxyUrl === null || isPlayable({ mime, codecs }, (type) => document.createElement('video').canPlayType(type)),
  );
  const [proxyFailed, setProxyFailed] = useState(false);
  const proxy = useQuery({
    queryKey: ['film-proxy', proxyUrl],
    queryFn: ({ signal }) => askFor(proxyUrl ?? '', signal),
    enabled: !itself && proxyUrl !== null && !proxyFailed,
    refetchInterval: ({ state }) => (state.data === 'making' ? ASK_AGAIN_MS : false),
  });
  if (itself) return { state: 'ready', url, isProxy: false, onError: () => setItself(false) };
  if (proxyUrl === null || proxyFailed) return { state: 'cannot', sentence: NO_PROXY };
  if (proxy.isError)
    return { state: 'cannot', sentence: 'The server did not respond to the request for a playable copy. Try again.' };
  if (proxy.data === 'ready')
    return { state: 'ready', url: proxyUrl, isProxy: true, onError: () => setProxyFailed(true) };
  if (proxy.data === undefined || proxy.data === 'making') return { state: 'making' };
  return { state: 'cannot', sentence: proxy.data.sentence };
}
