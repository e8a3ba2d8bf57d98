/** Date and time for a table: the time only for today, otherwise the day too. */
export function moment(then: Date, now: Date): string {
  const time = then.toLocaleTimeString('en-GB');
  if (then.toDateString() === now.toDateString()) return time;
  const year = then.getFullYear() === now.getFullYear() ? undefined : 'numeric';
  return `${then.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year })}, ${time}`;
}
