import type { Role } from '#src/domain/user.ts';

export type User = {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly folder: string;
  readonly passwordHash: string;
  readonly enabled: boolean;
  readonly createdAt: number;
  readonly lastSeenAt: number | null;
};

export type NewUser = { id: string; name: string; role: Role; passwordHash: string; now: number };

export type SessionRecord = { readonly id: string; readonly expiresAt: number; readonly user: User };
export type TokenRecord = {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  readonly lastUsedAt: number | null;
};

export interface UserStore {
  /** AppError `conflict` when the name is taken. Finds a free folder name itself. */
  create(user: NewUser): Promise<User>;
  /** All or, when a name is taken, none. */
  createAll(users: readonly NewUser[]): Promise<User[]>;
  find(userId: string): Promise<User | null>;
  byName(name: string): Promise<User | null>;
  list(): Promise<(User & { jobs: number })[]>;
  hasOperator(): Promise<boolean>;
  /** Disabling ends all sessions of the user. */
  setEnabled(userId: string, enabled: boolean, now: number): Promise<void>;
  /** Ends all sessions of the user but `keepSessionId`. */
  setPassword(userId: string, passwordHash: string, keepSessionId: string | null): Promise<void>;

  openSession(session: {
    id: string;
    tokenHash: string;
    userId: string;
    now: number;
    expiresAt: number;
  }): Promise<void>;
  /** Only of enabled users, and only while it lasts. */
  session(tokenHash: string, now: number): Promise<SessionRecord | null>;
  renewSession(sessionId: string, now: number, expiresAt: number): Promise<void>;
  closeSession(sessionId: string): Promise<void>;
  closeSessions(userId: string): Promise<void>;

  addToken(token: { id: string; tokenHash: string; name: string; userId: string; now: number }): Promise<void>;
  userOfToken(tokenHash: string, now: number): Promise<User | null>;
  tokens(userId: string): Promise<TokenRecord[]>;
  /** `false` when the user has no such token. */
  revokeToken(userId: string, tokenId: string): Promise<boolean>;
}
