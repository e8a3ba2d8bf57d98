function withDay(time: string, then: Date, now: Date): string {
  if (then.toDateString() === now.toDateString()) return time;
  const year = then.getFullYear() === now.getFullYear() ? undefined : 'numeric';
  return `${then.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year })}, ${time}`;
}

/** Date and time for a table: the time only for today, otherwise the day too. */
export const moment = (then: Date, now: Date): string => withDay(then.toLocaleTimeString('en-GB'), then, now);

/** The same without seconds. */
export const shortMoment = (then: Date, now: Date): string =>
  withDay(then.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' }), then, now);
