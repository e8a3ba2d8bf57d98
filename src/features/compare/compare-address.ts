const MAX = 4;

/** The results that an address asks to compare: two to four different ones, else none. */
export function comparedIn(params: { get(name: string): string | null }): string[] | null {
  const ids = [...new Set((params.get('compare') ?? '').split(','))].filter((id) => id !== '').slice(0, MAX);
  return ids.length >= 2 ? ids : null;
}

/** The address that compares these, at most four; none = nothing is compared. What else stood in the address (`params`) stays, but for an open result. */
export function compareAddress(ids: readonly string[], params: URLSearchParams = new URLSearchParams()): string {
  const rest = new URLSearchParams(params);
  rest.delete('compare');
  rest.delete('result');
  // Commas are left as they are: the address is read by people.
  const compare = ids.length > 0 ? [`compare=${ids.slice(0, MAX).map(encodeURIComponent).join(',')}`] : [];
  const query = [...(rest.size > 0 ? [rest.toString()] : []), ...compare].join('&');
  return query === '' ? '/' : `/?${query}`;
}
