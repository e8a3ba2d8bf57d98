import { needsRenewal, SESSION_MS } from '#src/domain/users/session.ts';
import { type Scope, TAB_SCOPE } from '#src/domain/users/token-scope.ts';
import type { Actor } from '#src/domain/users/user.ts';
import type { Log } from '#src/ports/log.ts';
import type { Clock, Random } from '#src/ports/random.ts';
import type { User, UserStore } from '#src/ports/users.ts';

/** `sessionId` and `expiresAt` are null for a personal token. `isRenewed`: the session was just prolonged, and the cookie should be too. */
export type Identity = {
  readonly actor: Actor;
  /** The operator who looks through the actor's eyes. */
  readonly operator: Actor | null;
  /** Whether the actor has a ComfyUI: a participant, unless an operator has turned it off. */
  readonly hasComfyui: boolean;
  readonly sessionId: string | null;
  /** Of the token, or of a session for the ComfyUI tab; null = a session in the gallery, which may do everything. */
  readonly scope: Scope | null;
  readonly expiresAt: number | null;
  readonly isRenewed: boolean;
};

/** `isTab`: it came to the origin of the ComfyUI tabs, where no session of the gallery counts, as none of theirs does in the gallery. */
export type Proof = { readonly cookie: string | null; readonly bearer: string | null; readonly isTab: boolean };

const USED_EVERY_MS = 3_600_000;

const hasComfyui = ({ role, comfyui }: User): boolean => role === 'participant' && comfyui;

const toActor = (user: User): Actor => ({ userId: user.id, name: user.name, role: user.role });

/** Who is asking, by cookie or by personal token. A personal token, when given, is the only thing that counts. */
export async function identify(
  deps: { users: UserStore; clock: Clock; random: Random; log: Log },
  proof: Proof,
  canSetCookie: boolean,
): Promise<Identity | null> {
  const now = deps.clock.now();
  /** What is only kept of a visit turns nobody away: a full disk is told elsewhere. */
  const keep = (writing: Promise<void>): Promise<boolean> =>
    writing.then(
      () => true,
      (error: unknown) => {
        deps.log.debug({ err: error }, 'could not record a visit');
        return false;
      },
    );
  if (proof.bearer !== null) {
    const token = await deps.users.token(deps.random.hashToken(proof.bearer), now);
    if (!token) return null;
    if (token.lastUsedAt === null || now - token.lastUsedAt > USED_EVERY_MS)
      await keep(deps.users.tokenUsed(token.id, now));
    return {
      actor: toActor(token.user),
      operator: null,
      hasComfyui: hasComfyui(token.user),
      sessionId: null,
      scope: token.scope,
      expiresAt: null,
      isRenewed: false,
    };
  }
  if (proof.cookie === null) return null;
  const session = await deps.users.session(deps.random.hashToken(proof.cookie), now);
  if (!session || (session.parentId !== null) !== proof.isTab) return null;
  // Prolonged only together with the browser's own copy, which would otherwise run out unnoticed.
  const renewed =
    canSetCookie &&
    needsRenewal(session.expiresAt, now) &&
    (await keep(deps.users.renewSession(session.id, now, now + SESSION_MS)));
  return {
    actor: toActor(session.user),
    operator: session.operator && toActor(session.operator),
    hasComfyui: hasComfyui(session.user),
    sessionId: session.id,
    scope: proof.isTab ? TAB_SCOPE : null,
    expiresAt: renewed ? now + SESSION_MS : session.expiresAt,
    isRenewed: renewed,
  };
}
