/** Where the class's server is: as set; else where this script was read from, if that was our own server; else on the site of this page. */
export function serverAddress(set: string, script: string, page: string): string {
  if (set !== '' && URL.canParse(set) && /^https?:$/.test(new URL(set).protocol)) return new URL(set).origin;
  const { pathname, origin } = new URL(script);
  return pathname.startsWith('/extension/') ? origin : new URL(page).origin;
}
