export type Day<T> = { readonly key: string; readonly items: readonly T[] };

const two = (n: number): string => String(n).padStart(2, '0');
const keyOf = (date: Date): string => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;

/** Items by the day of this computer's calendar, in the order they come in. */
export function byDay<T extends { readonly createdAt: string }>(items: readonly T[]): Day<T>[] {
  const days = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(new Date(item.createdAt));
    const day = days.get(key);
    if (day) day.push(item);
    else days.set(key, [item]);
  }
  return [...days].map(([key, of]) => ({ key, items: of }));
}

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
