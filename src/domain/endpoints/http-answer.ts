/** An HTTP answer, as far as it says who gave it and what became of the request. */
export type HttpAnswer = {
  readonly status: number;
  /** The Content-Type. */
  readonly type: string | null;
  readonly retryAfter: string | null;
  /** Where a redirect leads. */
  readonly location: string | null;
  readonly text: string;
};

/**
 * What an answer to `POST /prompt` proves that is none of ComfyUI's own; docs/decisions/answers-of-balancers.md says why.
 * busy       not taken: it is to be sent again a little later
 * not_taken  not taken: something else than ComfyUI answered
 * too_large  not taken, and would not be elsewhere
 * unknown    a worker may well run it
 */
export function verdictOf({
  status,
  retryAfter,
}: Pick<HttpAnswer, 'status' | 'retryAfter'>): 'busy' | 'not_taken' | 'too_large' | 'unknown' {
  if (status === 429 || (status === 503 && retryAfter !== null)) return 'busy';
  if (status === 413) return 'too_large';
  return status >= 300 && status < 500 ? 'not_taken' : 'unknown';
}

export const BUSY_PAUSE = { defaultMs: 5000, minMs: 1000, maxMs: 5 * 60_000 };

/** How long whoever answered wants to be left alone: Retry-After is in seconds or a date. */
export function busyPauseMs(retryAfter: string | null, now: number): number {
  const header = retryAfter?.trim() ?? '';
  const asked = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  if (Number.isNaN(asked)) return BUSY_PAUSE.defaultMs;
  return Math.min(BUSY_PAUSE.maxMs, Math.max(BUSY_PAUSE.minMs, asked));
}

/** An end that is further off than any pause is long was set before the clock was set back. */
export const isPaused = (until: number, now: number): boolean => until > now && until - now <= BUSY_PAUSE.maxMs;

const MAX_READ = 8192;
const MAX_SAID = 200;

/** The first line that a person can read in a text or a page. */
export function firstLine(text: string): string {
  const lines = text
    .slice(0, MAX_READ)
    .replace(/<(script|style)\b[^<>]*>.*?<\/\1\s*>/gis, ' ')
    .replace(/<!--.*?-->/gs, ' ')
    .replace(/<[^<>]*>/g, ' ')
    .split(/[\r\n]+/)
    .map((line) => line.replace(/[\p{Cc}\s]+/gu, ' ').trim());
  const line = lines.find((one) => one !== '') ?? '';
  return line.length > MAX_SAID ? `${line.slice(0, MAX_SAID)}…` : line;
}

/** Without what may be secret in an address. */
function leadsTo(location: string): string {
  if (!URL.canParse(location)) return firstLine(location.split(/[?#]/)[0] ?? '');
  const { origin, pathname } = new URL(location);
  return firstLine(`${origin}${pathname}`);
}

/** What the answer says, in one line. */
export const whatItSays = ({ location, text }: Pick<HttpAnswer, 'location' | 'text'>): string =>
  location === null ? firstLine(text) : `it redirects to ${leadsTo(location)}`;

/** ComfyUI itself answers without pages, and of all the answers that mean a fault on its side only 500 is its own. */
function isSurelyNotComfy({ status, type, text }: HttpAnswer): boolean {
  if (/html/i.test(type ?? '') || text.trimStart().startsWith('<')) return true;
  return status >= 300 && status !== 500;
}

/** `name`: of the endpoint. */
export function answerSentence(name: string, answer: HttpAnswer): string {
  const words = whatItSays(answer);
  const who = isSurelyNotComfy(answer) ? ' (not ComfyUI)' : '';
  return `The address of endpoint ${name} answered ${answer.status}${who}${words === '' ? '.' : `: ${words}`}`;
}

/** The worker's own sentence for a body over its limit. */
const OWN_TOO_LARGE = /^Maximum request body size /;

export const tooLargeSentence = ({ text }: Pick<HttpAnswer, 'text'>): string =>
  OWN_TOO_LARGE.test(text)
    ? 'The workflow is too large for the worker.'
    : 'The workflow is too large for the proxy in front of it, which answered 413. The teacher can raise the limit there.';
