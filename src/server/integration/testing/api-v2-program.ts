import { z } from 'zod';
import { apiJob } from '#src/domain/api-v2/schemas.ts';
import type { ProductUnderTest, TestPerson } from './product-under-test.ts';
import { until } from './until.ts';

type Asked = { method?: string; body?: unknown; headers?: Record<string, string> };

const isOver = (status: string): boolean => ['succeeded', 'failed', 'canceled', 'expired'].includes(status);

/** A program that speaks the Comfy API v2 for this person. */
export async function apiV2Program(product: Pick<ProductUnderTest, 'url'>, person: Pick<TestPerson, 'api'>) {
  const { token } = await person.api.session.createToken.mutate({ name: 'program', scope: 'submit' });
  const authorization = `Bearer ${token}`;
  async function ask(path: string, { method = 'GET', body, headers = {} }: Asked = {}) {
    const response = await fetch(`${product.url}/api/v2${path}`, {
      method,
      headers: { authorization, ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: response.status, headers: response.headers, body: z.looseObject({}).parse(await response.json()) };
  }
  const get = async (id: string) => apiJob.parse((await ask(`/jobs/${id}`)).body);
  return {
    token,
    authorization,
    ask,
    post: (body: unknown, headers: Record<string, string> = {}) => ask('/jobs', { method: 'POST', body, headers }),
    async submit(workflow: unknown, more: object = {}) {
      const { status, body } = await ask('/jobs', { method: 'POST', body: { workflow, ...more } });
      if (status !== 201) throw new Error(JSON.stringify(body));
      return apiJob.parse(body);
    },
    get,
    cancel: async (id: string) => apiJob.parse((await ask(`/jobs/${id}/cancel`, { method: 'POST' })).body),
    ended: (id: string) =>
      until(`the end of job ${id}`, async () => {
        const job = await get(id);
        return isOver(job.status) ? job : null;
      }),
  };
}
export type ApiV2Program = Awaited<ReturnType<typeof apiV2Program>>;
