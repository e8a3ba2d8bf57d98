import { token } from './replies.ts';
import { refusal, type Send, unavailable } from './requests.ts';

const EARLY_MS = 30_000;
const TOKEN_PATH = '/oauth2/token';

type Token = { readonly access: string; readonly refresh: string | null; readonly goodUntil: number };

/** Access tokens, renewed half a minute before they expire. All who need one at once share one request. */
export function createLogin(send: Send, credentials: { clientId: string; clientSecret: string }) {
  let current: Token | null = null;
  let renewing: Promise<Token> | null = null;

  async function ask(grant: Readonly<Record<string, string>>) {
    const askedAt = performance.now();
    const reply = await send('POST', TOKEN_PATH, { body: grant });
    if (reply.status < 200 || reply.status > 299) return reply;
    const parsed = token.safeParse(reply.body);
    if (!parsed.success) throw unavailable('Verda’s sign-in response contains no token.', { cause: parsed.error });
    const { access_token, refresh_token, expires_in } = parsed.data;
    const lastsMs = expires_in * 1000;
    const goodUntil = askedAt + Math.max(lastsMs - EARLY_MS, lastsMs / 2);
    return { access: access_token, refresh: refresh_token ?? null, goodUntil };
  }

  async function renew(before: Token | null): Promise<Token> {
    if (before?.refresh) {
      const renewed = await ask({ grant_type: 'refresh_token', refresh_token: before.refresh });
      if ('access' in renewed) return renewed;
      if (renewed.status !== 400 && renewed.status !== 401) throw refusal(renewed, 'a new sign-in');
    }
    const { clientId, clientSecret } = credentials;
    const fresh = await ask({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret });
    if ('access' in fresh) return fresh;
    throw refusal(fresh.status === 400 ? { ...fresh, status: 401 } : fresh, 'the sign-in');
  }

  async function renewCurrent(): Promise<Token> {
    try {
      current = await renew(current);
      return current;
    } finally {
      renewing = null;
    }
  }

  return {
    async bearer(): Promise<string> {
      if (current !== null && performance.now() < current.goodUntil) return current.access;
      renewing ??= renewCurrent();
      return (await renewing).access;
    },
    /** It was refused, whatever its time: the next one is asked for from the beginning. */
    drop(access: string): void {
      if (current?.access === access) current = null;
    },
  };
}
