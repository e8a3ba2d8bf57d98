import { File } from 'lucide-react';
import type { ResultView } from '#src/api/views.ts';
import { useFileText } from '../../results/files/use-file-text.ts';
import { FileCard } from './file-card.tsx';

/** A text, to be read. */
export function TextFile({ result }: { result: ResultView }) {
  const text = useFileText(result);
  if (text === undefined) return <FileCard result={result} icon={File} />;
  return (
    <div className="absolute inset-0 flex items-center justify-center p-4 py-14">
      <section
        aria-label={result.filename}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys
        tabIndex={0}
        className="max-h-full w-full max-w-[720px] overflow-auto rounded border border-line bg-panel p-6 text-15 whitespace-pre-wrap text-text [overflow-wrap:anywhere]"
      >
        {text === '' ? <span className="text-quiet">This file is empty.</span> : text}
      </section>
    </div>
  );
}
