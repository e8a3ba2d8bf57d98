/** Where the class's server is: as set; else where this script was read from, if that was our own server; else on the site of this page. */
export function serverAddress(set: string, script: string, page: string): string {
  if (set !== '' && URL.canParse(set) && /^https?:$/.test(new URL(set).protocol)) return new URL(set).origin;
  const { pathname, origin } = new URL(script);
  return pathname.startsWith('/extension/') ? origin : new URL(page).origin;
}

/** Whether the page's own server is the class server, which hands this script out as one of its extensions. In a ComfyUI of one's own it lies in a folder of the same name, and is asked for without this. */
export const isServedByClass = (script: string): boolean => new URL(script).searchParams.has('class');
