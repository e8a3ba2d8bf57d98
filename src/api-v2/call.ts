import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RouteTable } from '#src/domain/routing.ts';
import type { Scope } from '#src/domain/users/token-scope.ts';
import type { Actor } from '#src/domain/users/user.ts';

/** Who asks. `scope` null = a session in the gallery. */
export type ApiCaller = {
  readonly actor: Actor;
  /** Who impersonates the actor. */
  readonly operator: Actor | null;
  readonly scope: Scope | null;
};

/** One request of somebody who may make it. */
export type ApiCall = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  /** The named places of the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly actor: Actor;
  /** The scheme and host that the client used, for links. */
  readonly origin: string;
  say(body: unknown, status?: number): void;
  /** The same with what is JSON already. */
  sayText(json: string): void;
  /** The JSON of the body; without a body `{}`. */
  json(): Promise<unknown>;
};

export type ApiHandle = (call: ApiCall) => Promise<void> | void;
/** Whole paths: `GET /api/v2/jobs/:id`. HEAD is answered like GET; `call.response` then sends no body. */
export type ApiRoutes = RouteTable<ApiHandle>;
