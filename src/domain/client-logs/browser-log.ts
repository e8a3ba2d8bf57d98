export const LOG_LEVELS = ['error', 'warning'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
/** comfyui: the extension in a ComfyUI tab; comfyume: our own pages. */
export const LOG_SOURCES = ['comfyui', 'comfyume'] as const;

export const MAX_ENTRIES = 50;
const MAX_MESSAGE_LENGTH = 2000;
const MAX_STACK_LENGTH = 8000;
const MAX_PAGE_LENGTH = 200;
const MAX_GROUP_LENGTH = 300;

/** Where a secret stood. */
const GONE = '[removed]';
/** What comes after is cut anyway. */
const MAX_READ = 20_000;

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const NAMED =
  /((?:pass(?:word|phrase|wd)|pwd|token|secret|api[-_ ]?key|authorization|session|credentials?)["']?\s{0,9}[:=]\s{0,9}|\bkey["']?\s{0,9}=\s{0,9})("[^"\n]*"?|'[^'\n]*'?|(?:bearer |basic )?[^\s,;&)}\]]+)/gi;

/** Without who is asking, and without all that follows `?` or `#`. */
function bareAddress(word: string): string {
  const data = word.search(/\bdata:/i);
  if (data >= 0) return `${word.slice(0, data)}data:${GONE}`;
  const start = word.indexOf('://') + 3;
  const at = start < 3 ? -1 : (word.slice(start).split('/', 1)[0]?.lastIndexOf('@') ?? -1);
  const plain = at < 0 ? word : `${word.slice(0, start)}${GONE}${word.slice(start + at)}`;
  const query = plain.search(/[?#]/);
  if (query <= 0 || !/\/|=/.test(plain) || query === plain.length - 1) return plain;
  const place = /(?::\d+){0,2}[).,;:]{0,3}$/.exec(plain)?.[0] ?? '';
  return `${plain.slice(0, query)}?${GONE}${place}`;
}

const isSecret = (text: string): boolean =>
  /^[0-9a-f]+$/i.test(text) || (/\d/.test(text) && /[a-z]/.test(text) && /[A-Z]/.test(text));

/** Takes out what could be a secret: credentials, cookies, what follows `?` or `#` in addresses, long random text. Ids of ours stay: they are needed to find what it was about. */
export function redact(text: string): string {
  return text
    .slice(0, MAX_READ)
    .replace(/\b((?:set-)?cookie["']?\s{0,9}[:=]\s{0,9})[^\n]*/gi, `$1${GONE}`)
    .replace(NAMED, `$1${GONE}`)
    .replace(/\b(bearer|basic) (?=[\w.~+/=-]{0,200}[\d.~+/=_-])[\w.~+/=-]{6,}/gi, `$1 ${GONE}`)
    .replace(/[^\s"'`<>]+/g, bareAddress)
    .replace(/\beyJ[\w-]{1,4000}(?:\.[\w-]*){1,2}/g, GONE)
    .replace(/\b[a-z]{2,12}(?:-[a-z]{2,12}){3}-\d{2}\b/g, GONE)
    .replace(/[A-Za-z0-9+/]{38,}={0,2}/g, (found) => (found.endsWith('=') ? GONE : found))
    .replace(/[\w-]{24,}/g, (found) => {
      const bare = found.replace(UUID, '').replace(/[^A-Za-z0-9]/g, '');
      return bare.length >= 20 && isSecret(bare) ? GONE : found;
    });
}

const cut = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

/** Same message, same group, whoever had it and whatever it was about: ids, addresses and numbers are blank. */
export function logGroup(level: LogLevel, message: string): string {
  const blank = redact(message)
    .replace(UUID, '…')
    .replace(/\b(?:blob:)?[a-z]{2,10}:\/\/[^\s"'`<>)]+/gi, '…')
    .replace(/\b(?=\w*\d)[0-9a-f]{7,}\b/gi, '…')
    .replace(/\d+(?:[.,:]\d+)*/g, '0')
    .replace(/\s+/g, ' ')
    .trim();
  return cut(`${level}: ${blank}`, MAX_GROUP_LENGTH);
}

export type BrowserLogEntry = {
  readonly level: LogLevel;
  readonly message: string;
  readonly stack?: string | null | undefined;
  readonly page: string;
  /** ISO, of the first time. */
  readonly at: string;
  /** How often it came. */
  readonly count: number;
};

/** Longer than allowed is cut, and secrets are gone. */
export const safeEntry = (entry: BrowserLogEntry): BrowserLogEntry => ({
  ...entry,
  message: cut(redact(entry.message), MAX_MESSAGE_LENGTH),
  stack: entry.stack ? cut(redact(entry.stack), MAX_STACK_LENGTH) : null,
  page: cut(redact(entry.page), MAX_PAGE_LENGTH),
});

const BROWSERS = [
  [/\bEdg(?:e|A|iOS)?\/(\d+)/, 'Edge'],
  [/\bOPR\/(\d+)/, 'Opera'],
  [/\b(?:Firefox|FxiOS)\/(\d+)/, 'Firefox'],
  [/\b(?:Chrome|CriOS)\/(\d+)/, 'Chrome'],
  [/\bVersion\/(\d+).*\bSafari\//, 'Safari'],
] as const;
const SYSTEMS = [
  [/\bAndroid\b/, 'Android'],
  [/\b(?:iPhone|iPad)\b/, 'iOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
] as const;

/** "Firefox 131 on Windows"; what is not known is told by its first word. */
export function browserName(userAgent: string): string {
  const browser = BROWSERS.map(([pattern, name]) => {
    const version = pattern.exec(userAgent)?.[1];
    return version === undefined ? null : `${name} ${version}`;
  }).find((name) => name !== null);
  const system = SYSTEMS.find(([pattern]) => pattern.test(userAgent))?.[1];
  const name = browser ?? (userAgent.split(' ')[0] || 'Unknown browser');
  return cut(system === undefined ? name : `${name} on ${system}`, 60);
}
