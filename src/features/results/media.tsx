import { AudioLines, Box, Download, File } from 'lucide-react';
import { type Ref, useState } from 'react';
import type { ResultView } from '#src/api/views.ts';
import { buttonLook } from '#src/ui/button.tsx';
import { fileSize } from '#src/ui/measures.ts';
import { PictureStage, type StageControls } from './picture-stage.tsx';
import { downloadUrl } from './tile.tsx';

type MediaProps = { result: ResultView; stage: Ref<StageControls>; film: Ref<HTMLVideoElement> };

/** One result as large as there is room. */
export function Media({ result, stage, film }: MediaProps) {
  switch (result.kind) {
    case 'image':
      return <PictureStage result={result} controls={stage} />;
    case 'video':
      return <Film result={result} film={film} />;
    case 'audio':
      return (
        <FileCard result={result} icon={AudioLines}>
          {/* biome-ignore lint/a11y/useMediaCaption: generated sound has no captions */}
          <audio src={result.url} controls autoPlay aria-label={result.filename} className="w-full" />
        </FileCard>
      );
    case 'model':
      return <FileCard result={result} icon={Box} />;
    case 'other':
      return <FileCard result={result} icon={File} />;
  }
}

function Film({ result, film }: { result: ResultView; film: Ref<HTMLVideoElement> }) {
  const [failed, setFailed] = useState(false);
  if (failed) return <FileCard result={result} icon={File} note="This browser cannot play this kind of film." />;
  return (
    // biome-ignore lint/a11y/useMediaCaption: generated films have no captions
    <video
      ref={film}
      src={result.url}
      poster={result.thumbUrl ?? undefined}
      controls
      autoPlay
      loop
      playsInline
      aria-label={result.filename}
      onError={() => setFailed(true)}
      className="absolute inset-0 size-full object-contain"
    />
  );
}

type FileCardProps = { result: ResultView; icon: typeof File; note?: string; children?: React.ReactNode };

function FileCard({ result, icon: Icon, note, children }: FileCardProps) {
  return (
    <div className="absolute inset-0 flex items-center justify-center p-4">
      <div className="flex w-full max-w-[480px] flex-col items-center gap-3 rounded border border-line bg-panel p-6 text-center">
        <Icon size={20} aria-hidden className="text-quiet" />
        <p className="text-15 font-semibold">{result.filename}</p>
        {note && <p>{note}</p>}
        {children}
        <p className="text-quiet tabular-nums">
          {result.mime} · {fileSize(result.bytes)}
        </p>
        <a href={downloadUrl(result)} download className={buttonLook('plain')}>
          <Download size={16} aria-hidden />
          Download the file
        </a>
      </div>
    </div>
  );
}
