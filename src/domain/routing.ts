/**
 * `GET /history/:id`, with and without `/api` in front; `GET /api/assets` only with it. A place with `*` in front takes the rest of the path, slashes and all:
 * `GET /extensions/*path`. `GET /*path` has what no other route has.
 */
export type RouteTable<Handle> = Readonly<Record<`${'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'} /${string}`, Handle>>;

type Found<Handle> =
  | { readonly type: 'route'; readonly route: string; readonly handle: Handle; readonly params: Record<string, string> }
  | { readonly type: 'other-method' }
  | { readonly type: 'none' };

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
export function createRouter<Handle>(routes: RouteTable<Handle>) {
  const known = Object.entries<Handle>(routes).map(([key, handle]) => {
    const [method = '', path = ''] = key.split(' ');
    return { method, route: path, pattern: piecesOf(path), handle, takesRest: /^\/\*/.test(path) };
  });
  const all = [...known.filter(({ takesRest }) => !takesRest), ...known.filter(({ takesRest }) => takesRest)];
  function find(among: typeof all, method: string, pathname: string): Found<Handle> {
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
  return (method: string, pathname: string): Found<Handle> => {
    if (!/^\/api(\/|$)/.test(pathname)) return find(anywhere, method, pathname);
    const found = find(belowApi, method, pathname);
    return found.type === 'none' ? find(anywhere, method, pathname.slice('/api'.length) || '/') : found;
  };
}
