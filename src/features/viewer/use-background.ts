import { useStored } from '#src/ui/browser/use-stored.ts';

const BACKGROUNDS = [
  { name: 'black', className: 'bg-black' },
  { name: '18 % grey', className: 'bg-[#777777]' },
  { name: 'white', className: 'bg-white' },
] as const;

/** The background of a picture, remembered by the browser. */
export function useBackground(): { name: string; className: string; next: () => void } {
  const [stored, store] = useStored('comfyume.viewer-surround', '0');
  const at = BACKGROUNDS[Number(stored)] ? Number(stored) : 0;
  const { name, className } = BACKGROUNDS[at] ?? BACKGROUNDS[0];
  return { name, className, next: () => store(String((at + 1) % BACKGROUNDS.length)) };
}
