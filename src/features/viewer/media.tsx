import { Box, File } from 'lucide-react';
import type { DragEvent } from 'react';
import type { ResultView } from '#src/api/views.ts';
import { isReadable } from '../results/use-file-text.ts';
import { FileCard } from './file-card.tsx';
import { Film } from './film.tsx';
import { Model } from './model.tsx';
import { Picture } from './picture.tsx';
import { Sound } from './sound.tsx';
import type { StageProps } from './stage.tsx';
import { TextFile } from './text-file.tsx';
import type { Transport } from './transport.ts';

type MediaProps = StageProps & {
  result: ResultView;
  transport: Transport;
  onReady: () => void;
  onDragStart: (event: DragEvent) => void;
};

/** What the viewer can turn. */
export const isTurnable = ({ mime }: ResultView): boolean => mime === 'model/gltf-binary';

/** One result as large as there is room. */
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
