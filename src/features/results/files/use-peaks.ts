import { useQuery } from '@tanstack/react-query';

const arePeaks = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'number');

/** The loudness of a sound over time, 0 to 100; null while unknown. */
export function usePeaks(url: string | null): readonly number[] | null {
  const read = useQuery({
    queryKey: ['waveform', url],
    queryFn: async ({ signal }) => {
      const response = await fetch(url ?? '', { signal });
      const peaks: unknown = response.ok ? await response.json() : null;
      return arePeaks(peaks) ? peaks : null;
    },
    enabled: url !== null,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  return read.data ?? null;
}
