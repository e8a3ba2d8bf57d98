import { LRUCache } from 'lru-cache';
import { appErrorIn } from '#src/domain/errors.ts';
import type { UserStore } from '#src/ports/users.ts';

type NewSession = Parameters<UserStore['openSession']>[0];

/** A few operators, each in some browsers. */
const MAX_SESSIONS = 50;

/** Sessions of operators for which the disk had no room: they are good until this process ends, so that somebody can come in and make room. */
export function createUnwrittenSessions() {
  const sessions = new LRUCache<string, NewSession>({ max: MAX_SESSIONS });
  return {
    /** True where the session is kept here because the disk is full. */
    keepsInstead(session: NewSession, error: unknown): boolean {
      if (appErrorIn(error)?.code !== 'storage_full') return false;
      sessions.set(session.tokenHash, session);
      return true;
    },
    find: (tokenHash: string): NewSession | null => sessions.get(tokenHash) ?? null,
    byId: (id: string): NewSession | null => sessions.find((session) => session.id === id) ?? null,
    end(matches: (session: NewSession) => boolean): void {
      for (const session of [...sessions.values()]) if (matches(session)) sessions.delete(session.tokenHash);
    },
  };
}
export type UnwrittenSessions = ReturnType<typeof createUnwrittenSessions>;
