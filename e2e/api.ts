import { createTRPCClient, httpLink, type TRPCClient } from '@trpc/client';
import type { AppRouter } from '#src/api/app/router.ts';

export type Api = TRPCClient<AppRouter>;
export type Cookie = { readonly name: string; readonly value: string };
/** Somebody signed in, for calls beside the browser. */
export type SignedIn = { readonly api: Api; readonly cookie: Cookie };

export const apiWith = (url: string, headers: Readonly<Record<string, string>>): Api =>
  createTRPCClient<AppRouter>({ links: [httpLink({ url: `${url}/api/trpc`, headers })] });

export async function signIn(url: string, name: string, password: string): Promise<SignedIn> {
  const response = await fetch(`${url}/api/trpc/session.login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, password }),
  });
  const [, cookieName = '', value = ''] = /^([^=]+)=([^;]+)/.exec(response.headers.getSetCookie()[0] ?? '') ?? [];
  if (!response.ok || value === '') throw new Error(`${name} could not sign in: ${await response.text()}`);
  return { api: apiWith(url, { cookie: `${cookieName}=${value}` }), cookie: { name: cookieName, value } };
}
