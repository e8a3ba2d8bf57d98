/** Lets few of one person's pieces of work run at a time; others wait, and whoever else is here comes in between. Gives what ends the turn. AppError `too_many_attempts`. */
export type Turns = (who: string) => Promise<() => void>;
