import { useQuery } from '@tanstack/react-query';
import * as z from 'zod/mini';

const peaks = z.array(z.number());

/** How loud a sound is over time, 0 to 100; null as long as nobody knows. */
export function usePeaks(url: string | null): readonly number[] | null {
  const read = useQuery({
    queryKey: ['waveform', url],
    queryFn: async ({ signal }) => {
      const response = await fetch(url ?? '', { signal });
      return response.ok ? peaks.parse(await response.json()) : null;
    },
    enabled: url !== null,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  return read.data ?? null;
}
