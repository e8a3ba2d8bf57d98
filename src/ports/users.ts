import type { Scope } from '#src/domain/users/token-scope.ts';
import type { Role } from '#src/domain/users/user.ts';

/** Null = as set for everybody. */
export type Caps = { readonly waitingCap: number | null; readonly inFlightCap: number | null };

export type User = Caps & {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly folder: string;
  readonly passwordHash: string;
  readonly enabled: boolean;
  /** Whether an operator lets this person have a ComfyUI. */
  readonly comfyui: boolean;
  readonly createdAt: number;
  readonly lastSeenAt: number | null;
  /** When the account was removed; the files were kept. */
  readonly leftAt: number | null;
};

export type NewUser = {
  id: string;
  name: string;
  role: Role;
  passwordHash: string;
  now: number;
  caps?: Caps;
  joinCodeId?: string;
};

/** What a user has done so far. */
export type ListedUser = User & {
  readonly jobs: number;
  readonly results: number;
  readonly bytes: number;
  /** How long GPUs worked for this user, as far as it was observed. */
  readonly gpuMs: number;
  /** The class code that they joined with. */
  readonly joinedBy: string | null;
};

export type SessionRecord = {
  readonly id: string;
  readonly expiresAt: number;
  /** Of a session for the ComfyUI tab: the one in the gallery that it was opened from. Null = a session in the gallery. */
  readonly parentId: string | null;
  readonly user: User;
  /** Who looks through the user's eyes. */
  readonly operator: User | null;
};
export type TokenRecord = {
  readonly id: string;
  readonly name: string;
  readonly scope: Scope;
  readonly createdAt: number;
  readonly lastUsedAt: number | null;
  /** Null = it goes on until it is revoked. */
  readonly expiresAt: number | null;
};

/** Those who left are only in `roster('left')` and `find`; they cannot come in, and their names are free. */
export interface UserStore {
  /** AppError `conflict` when the name is taken. Finds a free folder name itself. */
  create(user: NewUser): Promise<User>;
  /** All or, when a name is taken, none. */
  createAll(users: readonly NewUser[]): Promise<User[]>;
  find(userId: string): Promise<User | null>;
  byName(name: string): Promise<User | null>;
  list(): Promise<User[]>;
  /** Those who are in the class, or those who left it, with what they did. */
  roster(which: 'here' | 'left'): Promise<ListedUser[]>;
  hasOperator(): Promise<boolean>;
  /** Disabling ends all sessions of the user. AppError `conflict` when no operator would be left who can come in. */
  setEnabled(userId: string, enabled: boolean, now: number): Promise<void>;
  /** AppError `conflict` when no operator would be left who can come in. Ends all sessions of the user. */
  setRole(userId: string, role: Role): Promise<void>;
  setCaps(userId: string, caps: Caps): Promise<void>;
  /** Turned off, what is open of it ends at once. */
  setComfyui(userId: string, on: boolean, now: number): Promise<void>;
  /** AppError `conflict` when the name is taken. The folder stays as it is. */
  rename(userId: string, name: string): Promise<void>;
  /** Ends all sessions of the user but `keepSessionId`, and all tokens. */
  setPassword(userId: string, passwordHash: string, keepSessionId: string | null): Promise<void>;
  /** AppError `conflict` when no operator would be left who can come in. Ends all sessions of the user. */
  leave(userId: string, now: number): Promise<void>;
  /** AppError `conflict` when somebody else has the name by now. */
  comeBack(userId: string, name: string): Promise<void>;
  /** The user and all of the user's rows. */
  remove(userId: string): Promise<void>;
  /** The user is online just now. */
  seen(userId: string, now: number): Promise<void>;

  openSession(session: {
    id: string;
    tokenHash: string;
    userId: string;
    now: number;
    expiresAt: number;
  }): Promise<void>;
  /**
   * A session for the ComfyUI tab of whoever the session `parentId` in the gallery shows; it ends with that, or when that shows somebody else, and takes the
   * place of the one before. Gives whose it is, and who impersonates them; null where `parentId` is over, or an operator's own.
   */
  openTabSession(session: {
    id: string;
    tokenHash: string;
    parentId: string;
    now: number;
    expiresAt: number;
  }): Promise<{ readonly userId: string; readonly operatorId: string | null } | null>;
  /** Only of users who may come in, and only while it lasts. */
  session(tokenHash: string, now: number): Promise<SessionRecord | null>;
  renewSession(sessionId: string, now: number, expiresAt: number): Promise<void>;
  /** From now on the operator's session shows what the user sees; null = what the operator sees. */
  turnSession(sessionId: string, operatorId: string, userId: string | null): Promise<void>;
  closeSession(sessionId: string): Promise<void>;
  /** And all tokens. */
  closeSessions(userId: string): Promise<void>;

  /** False when the user has as many as anybody may have. */
  addToken(token: {
    id: string;
    tokenHash: string;
    name: string;
    userId: string;
    scope: Scope;
    now: number;
    expiresAt: number | null;
  }): Promise<boolean>;
  /** Only of users who may come in, and only while it lasts. */
  token(
    tokenHash: string,
    now: number,
  ): Promise<{ id: string; scope: Scope; lastUsedAt: number | null; user: User } | null>;
  tokenUsed(tokenId: string, now: number): Promise<void>;
  tokens(userId: string): Promise<TokenRecord[]>;
  /** Of those who may come in, newest first. */
  allTokens(): Promise<(TokenRecord & { readonly user: { readonly id: string; readonly name: string } })[]>;
  /** Of this user, or (null) of anybody. `false` when there is no such token. */
  revokeToken(userId: string | null, tokenId: string): Promise<boolean>;
}

/** Who has the product open just now. */
export interface Presence {
  /** The user's open tabs; those of an operator who impersonates them do not count. */
  tabs(userId: string): number;
}
