import { Download, type LucideIcon } from 'lucide-react';
import type { ResultView } from '#src/api/views.ts';
import { fileSize } from '#src/domain/measures.ts';
import { buttonClass } from '#src/ui/buttons/button.tsx';
import { downloadUrl } from '../../results/downloads/download-url.ts';
import { fileWords } from './file-words.ts';

type FileCardProps = { result: ResultView; icon: LucideIcon; note?: string };

/** A file that cannot be shown: its kind, size, use and download. */
export function FileCard({ result, icon: Icon, note }: FileCardProps) {
  const { what, use } = fileWords(result);
  return (
    <div className="absolute inset-0 flex items-center justify-center p-4 py-14">
      <div className="flex w-full max-w-[480px] flex-col items-center gap-3 rounded border border-line bg-panel p-6 text-center text-text">
        <Icon size={20} aria-hidden className="text-quiet" />
        <p className="text-15 font-semibold">{result.filename}</p>
        {note && <p role="status">{note}</p>}
        <p>{use}</p>
        <p className="text-quiet tabular-nums">
          {what} · {fileSize(result.bytes)}
          {result.codecs && ` · ${result.codecs}`}
        </p>
        <a href={downloadUrl(result)} download className={buttonClass('plain')}>
          <Download size={16} aria-hidden />
          Download the file
        </a>
      </div>
    </div>
  );
}
