import { AudioLines } from 'lucide-react';
import { useCallback } from 'react';
import type { ResultView } from '#src/api/views.ts';
import { usePeaks } from '../../results/files/use-peaks.ts';
import { FileCard } from '../files/file-card.tsx';
import { timecode } from './timecode.ts';
import type { Transport } from './transport.ts';
import { TransportBar } from './transport-bar.tsx';
import { useFilmSource } from './use-film-source.ts';
import { useTransportState } from './use-transport.ts';
import { Waveform } from './waveform.tsx';

/** A sound: its waveform, which seeks on press, and its controls. */
export function Sound({ result, transport }: { result: ResultView; transport: Transport }) {
  const source = useFilmSource(result);
  const peaks = usePeaks(result.waveformUrl);
  const { time, duration } = useTransportState(transport);
  const attach = useCallback(
    (sound: HTMLAudioElement | null) => (sound ? transport.attach(sound) : undefined),
    [transport],
  );
  if (source.state === 'cannot') return <FileCard result={result} icon={AudioLines} note={source.sentence} />;
  return (
    <div className="absolute inset-0 flex items-center justify-center p-4 py-14">
      <div className="flex w-full max-w-[960px] flex-col gap-3 rounded border border-line bg-panel p-4">
        <p className="text-center text-15 font-semibold">{result.filename}</p>
        <Waveform
          peaks={peaks}
          share={duration > 0 ? time / duration : 0}
          words={timecode(time, null)}
          onSeek={(share) => transport.seek(share * duration)}
        />
        {source.state === 'ready' && (
          // biome-ignore lint/a11y/useMediaCaption: generated sound has no captions
          <audio
            ref={attach}
            src={source.url}
            preload="auto"
            onDurationChange={() => transport.measured()}
            onError={source.onError}
          />
        )}
        <TransportBar name="Sound" transport={transport} fps={null} />
      </div>
    </div>
  );
}
