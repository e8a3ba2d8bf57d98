const MAX_COMPARED = 4;

/** The results that an address asks to compare: two to four different ones, else none. */
export function comparedIn(params: { get(name: string): string | null }): string[] | null {
  const ids = [...new Set((params.get('compare') ?? '').split(','))].filter((id) => id !== '').slice(0, MAX_COMPARED);
  return ids.length >= 2 ? ids : null;
}

/** The address that compares these, at most four; none = no comparison. Other `params` are kept, except an open result. */
export function compareAddress(ids: readonly string[], params: URLSearchParams = new URLSearchParams()): string {
  const rest = new URLSearchParams(params);
  rest.delete('compare');
  rest.delete('result');
  // Commas are not encoded: people read the address.
  const compare = ids.length > 0 ? [`compare=${ids.slice(0, MAX_COMPARED).map(encodeURIComponent).join(',')}`] : [];
  const query = [...(rest.size > 0 ? [rest.toString()] : []), ...compare].join('&');
  return query === '' ? '/' : `/?${query}`;
}
