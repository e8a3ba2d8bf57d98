import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { freePort } from '../testing/free-port.ts';
import { type ProductUnderTest, productUnderTest, type TestPerson } from '../testing/product-under-test.ts';
import { refusal } from '../testing/visitor.ts';

let product: ProductUnderTest;
let anna: TestPerson;
beforeAll(async () => {
  product = await productUnderTest({
    fleet: null,
    config: { comfyuiPort: await freePort(), trustedProxies: ['127.0.0.1', '10.1.0.0/16', 'fd00::/8'] },
  });
  anna = await product.participant('Anna');
});
afterAll(() => product.stop());

/** Signs in from there with a wrong passphrase. */
const guess = (forwarded: string) =>
  refusal(
    product.visitor({ 'x-forwarded-for': forwarded }).api.session.login.mutate({ name: anna.name, password: 'wrong' }),
  );
const logged = z.looseObject({ address: z.string() });
/** The address that a guess and a wrong way into ComfyUI are logged with. */
async function seenAs(forwarded: string): Promise<Set<string>> {
  product.log.splice(0);
  await guess(forwarded);
  await fetch(`${product.comfyuiUrl}/enter?code=none`, { headers: { 'x-forwarded-for': forwarded } });
  const refused = product.log.filter(({ message }) => message === 'refused').map(({ facts }) => logged.parse(facts));
  expect(refused).toHaveLength(2);
  return new Set(refused.map(({ address }) => address));
}
const cookieOf = async (forwardedProto: string): Promise<string> => {
  const headers = { 'x-forwarded-proto': forwardedProto, 'content-type': 'application/json' };
  const body = JSON.stringify({ name: anna.name, password: anna.passphrase });
  const response = await fetch(`${product.url}/api/trpc/session.login`, { method: 'POST', headers, body });
  return response.headers.getSetCookie().join('\n');
};
const findings = async () =>
  (await product.operator.api.admin.storage.look.mutate()).findings.filter(({ what }) => what === 'Proxy');

test('behind proxies that are trusted everybody is counted by their own address; behind others, all as one', async () => {
  expect(await seenAs('198.51.100.1, 203.0.113.7, 10.1.2.3')).toEqual(new Set(['203.0.113.7']));
  expect(await seenAs('198.51.100.1, 2001:db8::9, fd00::2, ::ffff:10.1.2.3')).toEqual(new Set(['2001:db8::9']));
  expect(await seenAs('198.51.100.1, 10.2.0.1, 10.1.2.3')).toEqual(new Set(['10.2.0.1']));
  expect(await seenAs('198.51.100.1, nobody')).toEqual(new Set(['127.0.0.1']));
  const codes: (string | null)[] = [];
  for (let n = 0; n < 9; n += 1) codes.push((await guess(`198.51.100.${n}, 203.0.113.99, 10.1.2.3`)).appError);
  expect(codes).toEqual([...Array.from({ length: 8 }, () => 'wrong_credentials'), 'too_many_attempts']);
  expect((await guess('203.0.113.99, 203.0.113.100, 10.1.2.3')).appError).toBe('wrong_credentials');
  expect(await cookieOf('https')).toContain('__Host-comfyume_session=');
  expect(await findings()).toEqual([]);

  await product.pause();
  await product.resume({ trustedProxies: ['192.0.2.1'] });
  expect(await findings()).toEqual([]);
  expect(await seenAs('203.0.113.7')).toEqual(new Set(['127.0.0.1']));
  expect(await cookieOf('https')).toMatch(/^comfyume_session=/);
  expect(await findings()).toMatchObject([{ level: 'warn', sentence: expect.stringContaining('127.0.0.1') }]);
});
