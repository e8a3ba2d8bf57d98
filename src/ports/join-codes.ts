import type { NewUser, User } from './users.ts';

export type JoinCode = {
  readonly id: string;
  readonly code: string;
  readonly seats: number;
  readonly taken: number;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly closedAt: number | null;
};

/** What a whole class joins by. */
export interface JoinCodes {
  add(code: Omit<JoinCode, 'taken' | 'closedAt'>): Promise<void>;
  /** Newest first. */
  list(): Promise<JoinCode[]>;
  byCode(code: string): Promise<JoinCode | null>;
  /** `false` when there is no such code, or it is closed already. */
  close(id: string, now: number): Promise<boolean>;
  /** Who joined by it and has not left, with how many jobs each sent; null = there is no such code. */
  joined(id: string): Promise<{ readonly id: string; readonly jobs: number }[] | null>;
  /** Makes the user if a seat is free; null = none is. AppError `conflict` when the name is taken. */
  takeSeat(codeId: string, user: NewUser): Promise<User | null>;
}
