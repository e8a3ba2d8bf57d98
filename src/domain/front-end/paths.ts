const MAX_LENGTH = 500;
const MAX_SEGMENTS = 20;

/** Everything that a page may load, by the ending of its name. */
const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  mjs: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json; charset=utf-8',
  md: 'text/markdown; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  ico: 'image/x-icon',
  woff: 'font/woff',
  woff2: 'font/woff2',
  ttf: 'font/ttf',
  otf: 'font/otf',
  eot: 'application/vnd.ms-fontobject',
  wasm: 'application/wasm',
  mp4: 'video/mp4',
  webm: 'video/webm',
  mp3: 'audio/mpeg',
  wav: 'audio/wav',
  ogg: 'audio/ogg',
  flac: 'audio/flac',
  glb: 'model/gltf-binary',
  hdr: 'application/octet-stream',
};

/** Not in text that is written as a path: control characters, a backslash, what ends a path. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
const NO_SEGMENT = /^\.{0,2}$|[\x00-\x1f\x7f\\?#]/;

/** The path of a file below the root of ComfyUI's page, decoded and without a slash in front; null for what cannot be one. */
export function staticPath(text: string): string | null {
  const path = text.replace(/^\//, '');
  const segments = path.split('/');
  if (path.length > MAX_LENGTH || segments.length > MAX_SEGMENTS) return null;
  return segments.some((segment) => NO_SEGMENT.test(segment)) ? null : path;
}

export const endingOf = (path: string): string => /\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? '';

/** Null = nothing that a page loads as a file. */
export const typeByEnding = (path: string): string | null =>
  Object.hasOwn(TYPES, endingOf(path)) ? (TYPES[endingOf(path)] ?? null) : null;

/** Where the files of a page are; whatever else answers to a GET there does something. */
const FOLDERS = /^(assets|scripts|extensions|templates|docs|workflow_templates|fonts|cursor)\//;

/** Whether a worker may be asked for it because somebody's page wanted it: only for what is a file. */
export const isFileOfPage = (path: string): boolean =>
  staticPath(path) === path && FOLDERS.test(path) && typeByEnding(path) !== null;

/** Named by its content: what is there once never changes. */
export const isNamedByContent = (path: string): boolean =>
  /^assets\/(?:.*\/)?[^/]+-(?=[\w-]*[\dA-Z_])[\w-]{8}\.\w+$/.test(path);

/** The node pack that a file belongs to; null for what belongs to the front end itself. */
export const packOf = (path: string): string | null => {
  const pack = /^extensions\/([^/]+)\//.exec(path)?.[1];
  return pack === undefined || pack === 'core' ? null : pack;
};

/** As it stands in an address. */
export const asAddress = (path: string): string => `/${path.split('/').map(encodeURIComponent).join('/')}`;
