let landing = '/';

/** Where to go when the server reports that this session now belongs to another person. */
export function landOn(path: string): void {
  landing = path;
}

/** Everything is read again: what this browser may see has changed. */
export const land = (): void => window.location.assign(landing);
