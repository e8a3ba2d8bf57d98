/** Two names that differ only in case or compatibility forms are the same name. */
export const nameKey = (name: string): string => name.normalize('NFKC').toLowerCase();
