import { File } from 'lucide-react';
import { useState } from 'react';

const PICTURE = /\.(png|jpe?g|webp|gif)$/i;
const FILM = /\.(mp4|webm)$/i;
const FRAME = 'size-14 object-contain';

/** A thumbnail that opens the file in a new tab. */
export function OrphanedFilePreview({ path }: { path: string }) {
  const [broken, setBroken] = useState(false);
  const isFilm = FILM.test(path);
  if (broken || !(isFilm || PICTURE.test(path)))
    return (
      <span className="flex size-14 items-center justify-center text-quiet">
        <File size={20} aria-hidden />
      </span>
    );
  const address = `/strays/${path.split('/').map(encodeURIComponent).join('/')}`;
  return (
    <a href={address} target="_blank" rel="noreferrer" aria-label={`Open ${path}`} className="block py-1">
      {isFilm ? (
        <video src={`${address}#t=0.1`} preload="metadata" muted className={FRAME} onError={() => setBroken(true)} />
      ) : (
        // biome-ignore lint/performance/noImgElement: served by us as it is, and seen by operators only
        <img src={address} alt="" loading="lazy" className={FRAME} onError={() => setBroken(true)} />
      )}
    </a>
  );
}
