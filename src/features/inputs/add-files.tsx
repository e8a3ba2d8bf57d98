import { Camera, Upload } from 'lucide-react';
import type { ChangeEvent } from 'react';
import { buttonClass } from '#src/ui/buttons/button.tsx';

const PRESSED = 'cursor-pointer has-focus-visible:outline-2 has-focus-visible:outline-accent';

/** Buttons that choose files of this computer, or take a picture with a phone. */
export function AddFiles({ onFiles }: { onFiles: (files: readonly File[]) => void }) {
  const take = (event: ChangeEvent<HTMLInputElement>): void => {
    const files = [...(event.target.files ?? [])];
    event.target.value = '';
    if (files.length > 0) onFiles(files);
  };
  return (
    <>
      <label className={buttonClass('plain', `pointer-fine:hidden ${PRESSED}`)}>
        <Camera size={16} aria-hidden />
        Camera
        <input
          type="file"
          accept="image/*"
          capture="environment"
          aria-label="Take a picture"
          className="sr-only"
          onChange={take}
        />
      </label>
      <label className={buttonClass('accent', PRESSED)}>
        <Upload size={16} aria-hidden />
        Upload
        <input
          type="file"
          multiple
          accept="image/*,video/*,audio/*"
          aria-label="Upload files"
          className="sr-only"
          onChange={take}
        />
      </label>
    </>
  );
}
