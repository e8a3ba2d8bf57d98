import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RouteTable } from '#src/domain/routing.ts';
import type { Actor } from '#src/domain/users/user.ts';

/** One request of somebody who may make it. */
export type Call = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Without a token in front. */
  readonly url: URL;
  /** What stood in the places of the path that have names, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly actor: Actor;
  /** Answers with JSON, as every error is: clients parse whatever they are told. */
  say(body: unknown, status?: number): void;
  /** The same with what is JSON already. */
  sayText(json: string): void;
  /** The JSON of the body, whatever its content type says it is. Without a body `{}`. */
  json(): Promise<unknown>;
  /** The body as it is. */
  bytes(most: number): Promise<Uint8Array>;
};

export type Handle = (call: Call) => Promise<void> | void;
export type Routes = RouteTable<Handle>;
