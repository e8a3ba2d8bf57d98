import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type ProductUnderTest, productUnderTest, type TestPerson } from '../testing/product-under-test.ts';

const NAMED = 'https://tools.example.org';

let product: ProductUnderTest;
let ada: TestPerson;
let token: string;

beforeAll(async () => {
  product = await productUnderTest({ fleet: null, config: { allowedOrigins: [NAMED] } });
  ada = await product.participant('Ada');
  ({ token } = await ada.api.session.createToken.mutate({ name: 'program', scope: 'read' }));
});
afterAll(() => product.stop());

const ask = async (path: string, init: RequestInit = {}) => {
  const response = await fetch(`${product.url}/api/v2${path}`, init);
  return { status: response.status, headers: response.headers, body: await response.json() };
};

describe('who may ask', () => {
  test.each([
    ['nobody', () => ({}), 401, 'unauthorized'],
    ['a token that is none', () => ({ authorization: 'Bearer nothing' }), 401, 'unauthorized'],
    ['a token', () => ({ authorization: `Bearer ${token}` }), 200, null],
    ['a token as X-API-Key', () => ({ 'x-api-key': token }), 200, null],
    ['a session', () => ({ cookie: ada.cookie() }), 200, null],
  ])('%s', async (_, headers, status, code) => {
    const answer = await ask('/jobs', { headers: headers() });
    expect(answer.status).toBe(status);
    if (code !== null) expect(answer.body).toEqual({ error: { code, message: expect.any(String), details: null } });
  });

  test('what is not there, the wrong method, too little scope: each in the envelope', async () => {
    const headers = { authorization: `Bearer ${token}` };
    expect(await ask('/nothing', { headers })).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } });
    expect(await ask('/jobs', { headers, method: 'DELETE' })).toMatchObject({
      status: 405,
      body: { error: { code: 'method_not_allowed' } },
    });
  });
});

test('a browser may come from a named origin, and from no other', async () => {
  const headers = { authorization: `Bearer ${token}`, origin: NAMED };
  const named = await ask('/jobs', { headers });
  expect(named.headers.get('access-control-allow-origin')).toBe(NAMED);
  const asked = await fetch(`${product.url}/api/v2/jobs`, { method: 'OPTIONS', headers: { origin: NAMED } });
  expect(asked.headers.get('access-control-allow-headers')).toContain('idempotency-key');
  const other = { cookie: ada.cookie(), origin: 'https://elsewhere.example.org' };
  expect(await ask('/jobs', { method: 'POST', headers: other, body: '{}' })).toMatchObject({
    status: 403,
    body: { error: { code: 'forbidden' } },
  });
});

test('every answer says how many requests are left', async () => {
  const { headers } = await ask('/jobs', { headers: { authorization: `Bearer ${token}` } });
  const [limit, left] = ['limit', 'remaining'].map((name) => Number(headers.get(`ratelimit-${name}`)));
  expect(limit).toBeGreaterThan(0);
  expect(left).toBeLessThan(limit ?? 0);
  expect(Number(headers.get('ratelimit-reset'))).toBeGreaterThan(0);
});

describe('what anybody may read', () => {
  const described = z.object({
    openapi: z.string(),
    paths: z.record(z.string(), z.record(z.string(), z.looseObject({ operationId: z.string() }))),
    components: z.object({ schemas: z.record(z.string(), z.looseObject({})) }),
  });

  test('the document names only schemas that it has', async () => {
    const { status, body } = await ask('/openapi.json');
    expect(status).toBe(200);
    const { paths, components } = described.parse(body);
    expect(Object.keys(paths)).toContain('/api/v2/jobs/{id}/events');
    const named = [...JSON.stringify(body).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(
      ([, name]) => name,
    );
    expect(Object.keys(components.schemas)).toEqual(expect.arrayContaining([...new Set(named)]));
    expect(named).toEqual(expect.arrayContaining(['Job', 'Output', 'Progress', 'ErrorEnvelope']));
    expect(components.schemas.JobSubmission).toMatchObject({ required: ['workflow'] });
  });

  test('a page without anything from elsewhere', async () => {
    const response = await fetch(`${product.url}/api/v2`);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    const page = await response.text();
    expect(page).toContain('POST /api/v2/jobs');
    expect(page).not.toMatch(/<script|src=|@import/);
  });
});
