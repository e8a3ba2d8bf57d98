export const END_TIMES = ['open', '5', '10', '15', '30', '60', 'time'] as const;
export type EndTime = (typeof END_TIMES)[number];

export const endTimeWords = (ends: EndTime): string => {
  if (ends === 'open') return 'When I end it';
  return ends === 'time' ? 'At a set time' : `In ${ends} minutes`;
};

/** When an announcement ends, in ms of the server's clock; `time` is "14:30" of today, or of tomorrow when that is over. Null = when it is ended by hand. */
export function endOf(ends: EndTime, time: string, now: number): number | null {
  if (ends === 'open') return null;
  if (ends !== 'time') return now + Number(ends) * 60_000;
  const [hours, minutes] = time.split(':').map(Number);
  if (hours === undefined || minutes === undefined || Number.isNaN(hours) || Number.isNaN(minutes)) return null;
  const end = new Date(now);
  end.setHours(hours, minutes, 0, 0);
  if (end.getTime() <= now) end.setDate(end.getDate() + 1);
  return end.getTime();
}
