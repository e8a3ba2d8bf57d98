import { useStored } from '#src/ui/browser/use-stored.ts';

const SURROUNDS = [
  { name: 'black', look: 'bg-black' },
  { name: '18 % grey', look: 'bg-[#777777]' },
  { name: 'white', look: 'bg-white' },
] as const;

/** What is around a picture; the browser remembers it. */
export function useSurround(): { name: string; look: string; next: () => void } {
  const [stored, store] = useStored('comfyume.viewer-surround', '0');
  const at = SURROUNDS[Number(stored)] ? Number(stored) : 0;
  const { name, look } = SURROUNDS[at] ?? SURROUNDS[0];
  return { name, look, next: () => store(String((at + 1) % SURROUNDS.length)) };
}
