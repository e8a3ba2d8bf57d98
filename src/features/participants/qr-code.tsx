import { useQuery } from '@tanstack/react-query';
import { join } from '#src/ui/join.ts';

/** Always black on white, whatever the theme: many cameras read nothing else. */
export function QrCode({ text, label, className }: { text: string; label: string; className?: string }) {
  const svg = useQuery({
    queryKey: ['qr', text],
    queryFn: async () => (await import('qrcode')).toString(text, { type: 'svg', margin: 2, errorCorrectionLevel: 'M' }),
    gcTime: 0,
  });
  return (
    <span className={join('block aspect-square bg-white', className)}>
      {svg.data !== undefined && (
        // biome-ignore lint/performance/noImgElement: it is made here, there is nothing to optimise
        <img src={`data:image/svg+xml,${encodeURIComponent(svg.data)}`} alt={label} className="size-full" />
      )}
    </span>
  );
}
