import type { z } from 'zod';
import { LIMITS } from '#src/domain/endpoints/platform-rate.ts';
import type { Platform } from '#src/ports/platform.ts';
import { createLogin } from './login.ts';
import * as replies from './replies.ts';
import { createSend, type Reply, refusal, type Send, unavailable } from './requests.ts';

export type VerdaAccount = { readonly clientId: string; readonly clientSecret: string; readonly baseUrl: string };

const MAX_LINES = '1000';

const isGood = ({ status }: Reply): boolean => status >= 200 && status <= 299;
/** It may have been done anyway. */
const isSlow = ({ status }: Reply): boolean => status === 408 || status === 504;

/** Verda's management API. Never speaks to a deployment's own address: any request there can start a GPU. */
export function createVerda(account: VerdaAccount, limits = LIMITS): Platform {
  const abort = new AbortController();
  const send = createSend(account.baseUrl.replace(/\/+$/, ''), limits, abort.signal);
  const login = createLogin(send, account);

  async function ask(...[method, path, more]: Parameters<Send>): Promise<Reply> {
    const bearer = await login.bearer();
    const reply = await send(method, path, { ...more, bearer });
    if (reply.status !== 401) return reply;
    login.drop(bearer);
    return send(method, path, { ...more, bearer: await login.bearer() });
  }

  function read<Schema extends z.ZodType>(schema: Schema, reply: Reply, what: string): z.output<Schema> {
    if (!isGood(reply)) throw refusal(reply, what);
    const parsed = schema.safeParse(reply.body);
    if (parsed.success) return parsed.data;
    const first = parsed.error.issues[0];
    throw unavailable(
      `Verda’s answer about ${what} does not match its documentation (${first?.path.join('.') || 'all of it'}: ${first?.message}).`,
      { cause: parsed.error },
    );
  }

  const of = (deployment: string, part: string) => `/container-deployments/${encodeURIComponent(deployment)}/${part}`;
  const span = ({ from, to }: { from: number; to: number }) => ({
    start: new Date(from).toISOString(),
    end: new Date(to).toISOString(),
    order: 'desc',
    limit: MAX_LINES,
  });
  const scaling = async (deployment: string) =>
    read(replies.scaling, await ask('GET', of(deployment, 'scaling')), `the scaling of ${deployment}`);

  return {
    async deployments() {
      return read(replies.deployments, await ask('GET', '/container-deployments'), 'the list of deployments');
    },
    async replicas(deployment) {
      return read(replies.replicas, await ask('GET', of(deployment, 'replicas')), `the replicas of ${deployment}`);
    },
    scaling,
    async setMinReplicas(deployment, min) {
      const reply = await ask('PATCH', of(deployment, 'scaling'), { body: { min_replica_count: min } });
      const what = `the minimum number of replicas of ${deployment}`;
      if (!isSlow(reply) && !isGood(reply)) throw refusal(reply, what);
      const after = isGood(reply) ? replies.scaling.safeParse(reply.body).data : undefined;
      const now = after ?? (await scaling(deployment));
      if (now.min === min) return now;
      throw isSlow(reply)
        ? refusal(reply, what)
        : unavailable(`Verda accepted ${what}, but it is ${now.min} instead of ${min}.`);
    },
    async prices() {
      const reply = await ask('GET', '/container-types', { query: { currency: 'eur' } });
      return read(replies.containerTypes, reply, 'the prices');
    },
    async logs(deployment, words, time) {
      const reply = await ask('GET', of(deployment, 'logs'), { query: { ...span(time), search_text: words } });
      return read(replies.logLines, reply, `the logs of ${deployment}`);
    },
    async systemLogs(deployment, time) {
      const reply = await ask('GET', of(deployment, 'system-logs'), { query: span(time) });
      return read(replies.systemLines, reply, `the system logs of ${deployment}`);
    },
    close: () => abort.abort(),
  };
}
