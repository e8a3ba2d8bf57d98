/** What a `Range` header asks for of something with so many bytes: `to` is exclusive. What is not one plain range asks for everything. */
export function byteRange(header: string | undefined, bytes: number): 'all' | 'none' | { from: number; to: number } {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? [];
  if (first === '' && last === '') return 'all';
  if (first === '') {
    const from = Math.max(0, bytes - Number(last));
    return from < bytes ? { from, to: bytes } : 'none';
  }
  const from = Number(first);
  const to = last === '' ? bytes : Math.min(Number(last) + 1, bytes);
  if (last !== '' && Number(last) < from) return 'all';
  return from < bytes ? { from, to } : 'none';
}
