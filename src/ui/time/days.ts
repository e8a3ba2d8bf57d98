const two = (n: number): string => String(n).padStart(2, '0');
const keyOf = (date: Date): string => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;

/** A day of this computer's calendar: `2026-11-23`. */
export const dayOf = (time: number): string => keyOf(new Date(time));

export const startOfDay = (key: string): Date => new Date(`${key}T00:00:00`);

export const nextDay = (key: string): string => {
  const [year = 0, month = 1, date = 1] = key.split('-').map(Number);
  return keyOf(new Date(year, month - 1, date + 1));
};

/** "Today", "Yesterday", "Monday 23 November", and the year when it is another one. */
export function dayName(key: string, now: Date): string {
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (key === keyOf(now)) return 'Today';
  if (key === keyOf(yesterday)) return 'Yesterday';
  const date = new Date(`${key}T12:00:00`);
  const weekday = date.toLocaleDateString('en-GB', { weekday: 'long' });
  const month = date.toLocaleDateString('en-GB', { month: 'long' });
  const year = date.getFullYear() === now.getFullYear() ? '' : ` ${date.getFullYear()}`;
  return `${weekday} ${date.getDate()} ${month}${year}`;
}
