/** Runs few of one person's calls at a time; the others wait, and other people's calls go in between. AppError `too_many_attempts`. */
export type Turns = <T>(who: string, call: () => Promise<T>) => Promise<T>;
