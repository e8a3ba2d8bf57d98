import { randomUUID } from 'node:crypto';
import { z } from 'zod';

const grants = z.discriminatedUnion('grant_type', [
  z.object({ grant_type: z.literal('client_credentials'), client_id: z.string(), client_secret: z.string() }),
  z.object({ grant_type: z.literal('refresh_token'), refresh_token: z.string() }),
]);
/** OAuth as Verda has it: access tokens that expire, and refresh tokens that can be used once. */
export class Tokens {
  private readonly expiry = new Map<string, number>();
  private readonly refresh = new Set<string>();
  private readonly client: { clientId: string; clientSecret: string };
  private readonly seconds: number;

  constructor(client: { clientId: string; clientSecret: string }, seconds: number) {
    this.client = client;
    this.seconds = seconds;
  }

  grant(body: unknown): 'unsupported' | 'unknown' | { [name: string]: string | number } {
    const grant = grants.safeParse(body);
    if (!grant.success) return 'unsupported';
    const isKnown =
      grant.data.grant_type === 'refresh_token'
        ? this.refresh.delete(grant.data.refresh_token)
        : grant.data.client_id === this.client.clientId && grant.data.client_secret === this.client.clientSecret;
    if (!isKnown) return 'unknown';
    const [access, refresh] = [randomUUID(), randomUUID()];
    this.expiry.set(access, Date.now() + this.seconds * 1000);
    this.refresh.add(refresh);
    return {
      access_token: access,
      token_type: 'Bearer',
      expires_in: this.seconds,
      refresh_token: refresh,
      scope: 'cloud-api-v1',
    };
  }

  accepts(authorization: string | undefined): boolean {
    const bearer = /^Bearer (.+)$/.exec(authorization ?? '')?.[1] ?? '';
    return (this.expiry.get(bearer) ?? 0) > Date.now();
  }

  forgetAccess(): void {
    this.expiry.clear();
  }

  forgetRefresh(): void {
    this.refresh.clear();
  }
}
