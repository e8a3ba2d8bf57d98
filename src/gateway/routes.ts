import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Scope } from '#src/domain/users/token-scope.ts';
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
/**
 * `GET /history/:id`, with and without `/api` in front; `GET /api/assets` only with it. A place with `*` in front takes the rest of the path, slashes and all:
 * `GET /extensions/*path`. `GET /*path` has what no other route has.
 */
export type Routes = Readonly<Record<`${'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'} /${string}`, Handle>>;

type Found =
  | { readonly type: 'route'; readonly route: string; readonly handle: Handle; readonly params: Record<string, string> }
  | { readonly type: 'other-method' }
  | { readonly type: 'none' };

/** Reading is GET and HEAD; what changes something asks for more. */
export const scopeOf = (method: string): Scope => (method === 'GET' || method === 'HEAD' ? 'read' : 'submit');

const decode = (piece: string): string | null => {
  try {
    return decodeURIComponent(piece);
  } catch {
    return null;
  }
};

function match(pattern: readonly string[], path: readonly string[]): Record<string, string> | null {
  const params: Record<string, string> = {};
  for (const [index, place] of pattern.entries()) {
    if (place.startsWith('*')) {
      const rest = decode(path.slice(index).join('/'));
      if (rest === null) return null;
      params[place.slice(1)] = rest;
      return params;
    }
    const piece = path[index];
    if (piece === undefined) return null;
    const text = decode(piece);
    if (place.startsWith(':') && text !== null && text !== '') params[place.slice(1)] = text;
    else if (place !== text) return null;
  }
  return path.length === pattern.length ? params : null;
}

const piecesOf = (path: string): string[] => path.split('/').slice(1);

/** Finds what answers a path. `%2F` stays within its place. Below `/api`, what is only there comes first. */
export function createRouter(routes: Routes) {
  const known = Object.entries(routes).map(([key, handle]) => {
    const [method = '', path = ''] = key.split(' ');
    return { method, route: path, pattern: piecesOf(path), handle, takesRest: /^\/\*/.test(path) };
  });
  const all = [...known.filter(({ takesRest }) => !takesRest), ...known.filter(({ takesRest }) => takesRest)];
  function find(among: typeof all, method: string, pathname: string): Found {
    const pieces = piecesOf(pathname);
    let isOther = false;
    for (const { method: own, route, pattern, handle, takesRest } of among) {
      const params = match(pattern, pieces);
      if (!params) continue;
      if (own === (method === 'HEAD' ? 'GET' : method)) return { type: 'route', route, handle, params };
      isOther ||= !takesRest;
    }
    return { type: isOther ? 'other-method' : 'none' };
  }
  const belowApi = all.filter(({ pattern }) => pattern[0] === 'api');
  const anywhere = all.filter(({ pattern }) => pattern[0] !== 'api');
  return (method: string, pathname: string): Found => {
    if (!/^\/api(\/|$)/.test(pathname)) return find(anywhere, method, pathname);
    const found = find(belowApi, method, pathname);
    return found.type === 'none' ? find(anywhere, method, pathname.slice('/api'.length) || '/') : found;
  };
}
