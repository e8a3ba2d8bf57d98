let landing = '/';

/** Where to go when the server says that this session is somebody else's now. */
export function landOn(path: string): void {
  landing = path;
}

/** Everything is read again: what this browser may see has changed. */
export const land = (): void => window.location.assign(landing);
