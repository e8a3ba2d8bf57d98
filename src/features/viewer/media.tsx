import { Box, File } from 'lucide-react';
import type { DragEvent } from 'react';
import type { ResultView } from '#src/api/views.ts';
import { isReadable } from '../results/files/use-file-text.ts';
import { FileCard } from './files/file-card.tsx';
import { Model } from './files/model.tsx';
import { TextFile } from './files/text-file.tsx';
import { Film } from './playback/film.tsx';
import { Sound } from './playback/sound.tsx';
import type { Transport } from './playback/transport.ts';
import { Picture } from './zoom/picture.tsx';
import type { StageProps } from './zoom/stage.tsx';

type MediaProps = StageProps & {
  result: ResultView;
  transport: Transport;
  onReady: () => void;
  onDragStart: (event: DragEvent) => void;
};

/** Whether the viewer can rotate it. */
export const isTurnable = ({ mime }: ResultView): boolean => mime === 'model/gltf-binary';

/** One result, filling the available space. */
export function Media({ result, transport, onReady, onDragStart, ...stage }: MediaProps) {
  switch (result.kind) {
    case 'image':
      return <Picture result={result} onDragStart={onDragStart} {...stage} />;
    case 'video':
      return (
        <Film
          result={result}
          transport={transport}
          onReady={onReady}
          onDragStart={onDragStart}
          {...stage}
          onTap={() => transport.toggle()}
        />
      );
    case 'audio':
      return <Sound result={result} transport={transport} />;
    case 'model':
      return isTurnable(result) ? (
        <Model result={result} controls={stage.controls} />
      ) : (
        <FileCard result={result} icon={Box} />
      );
    case 'other':
      return isReadable(result) ? <TextFile result={result} /> : <FileCard result={result} icon={File} />;
  }
}
