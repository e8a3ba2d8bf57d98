import { get } from 'node:http';
import { json } from 'node:stream/consumers';
import { z } from 'zod';
import { picture } from '../testing/graphs.ts';
import { signIn } from '../testing/product-under-test.ts';
import { type Refusal, refusal } from '../testing/visitor.ts';
import { type FaultStage, openStage, tryFaults } from './stage.testing.ts';
import { SECRETS } from './table.testing.ts';

const from = (stage: FaultStage, address: string) => stage.product.visitor({ 'x-forwarded-for': address });
const scriptOf = async (stage: FaultStage, scope: 'read' | 'submit' | 'all') => {
  const { token } = await stage.anna.api.session.createToken.mutate({ name: 'script', scope });
  return stage.product.visitor({ authorization: `Bearer ${token}` });
};
const join = async (stage: FaultStage, name: string) => {
  const { code } = await stage.admin.joinCodes.open.mutate({ seats: 50, minutes: 5 });
  return refusal(stage.product.visitor().api.session.join.mutate({ code, name }));
};
const choose = (stage: FaultStage, next: string) =>
  refusal(stage.anna.api.session.changePassword.mutate({ current: stage.anna.passphrase, next }));

const said = z.object({ error: z.object({ message: z.string(), data: z.object({ appError: z.string() }) }) });
/** As a browser asks that another name has led here. */
const askAs = (stage: FaultStage, host: string) =>
  new Promise<Refusal>((resolve, reject) => {
    const { hostname, port } = new URL(stage.product.url);
    get({ hostname, port, path: '/api/trpc/session.info', headers: { host } }, async (response) => {
      const { error } = said.parse(await json(response));
      const { message, data } = error;
      const status = response.statusCode ?? 0;
      resolve({ status, code: '', appError: data.appError, message, nodeErrors: null, retryAfterSeconds: null });
    }).on('error', reject);
  });

tryFaults(SECRETS, () => openStage({}), {
  async 'the server is restarted while a job waits that was sent with the key of a Comfy account'(stage) {
    await stage.settings({ allowedExtraData: ['api_key_comfy_org'], dispatchPaused: true });
    const extra_data = { api_key_comfy_org: 'comfyui-0000' };
    const { id } = await stage.anna.api.jobs.submit.mutate({ prompt: picture(), extra_data });
    await stage.product.pause();
    await stage.product.resume();
    await stage.settings({ allowedExtraData: [], dispatchPaused: false });
    return { told: await stage.ended(id) };
  },

  async 'an operator names one of comfyume’s own secrets as the key of an endpoint'({ admin }) {
    const endpoint = { name: 'Thief', url: 'http://gpu.test', apiKeyVariable: 'VERDA_CLIENT_SECRET' };
    return { told: await refusal(admin.endpoints.upsert.mutate(endpoint)) };
  },

  async 'an operator names any other variable as the key of an endpoint'({ admin }) {
    const endpoint = { name: 'Thief', url: 'http://gpu.test', apiKeyVariable: 'HOME' };
    return { told: await refusal(admin.endpoints.upsert.mutate(endpoint)) };
  },

  async 'an endpoint leads to where a cloud keeps its secrets: its jobs wait'(stage) {
    const { id } = await stage.admin.endpoints.upsert.mutate({ name: 'Metadata', url: 'http://169.254.169.254' });
    await stage.only('Metadata');
    const job = await stage.submit(picture());
    const shown = await stage.admin.endpoints.test.mutate({ id });
    return { told: await stage.job(job), admin: shown };
  },

  async 'a token makes a token'(stage) {
    const script = await scriptOf(stage, 'all');
    return { told: await refusal(script.api.session.createToken.mutate({ name: 'more' })) };
  },

  async 'a token that may read sends a job'(stage) {
    const script = await scriptOf(stage, 'read');
    return { told: await refusal(script.api.jobs.submit.mutate({ prompt: picture() })) };
  },

  async 'a token is used after its owner signed out everywhere'(stage) {
    const browser = stage.product.visitor();
    await signIn(browser, { name: stage.ben.name, password: stage.ben.passphrase });
    const { token } = await browser.api.session.createToken.mutate({ name: 'script' });
    await browser.api.session.logout.mutate({ everywhere: true });
    await signIn(stage.ben, { name: stage.ben.name, password: stage.ben.passphrase });
    const script = stage.product.visitor({ authorization: `Bearer ${token}` });
    return { told: await refusal(script.api.jobs.list.query()) };
  },

  async 'somebody guesses a passphrase'(stage) {
    const guess = () =>
      refusal(from(stage, '10.7.7.7').api.session.login.mutate({ name: stage.anna.name, password: 'a guess' }));
    for (let n = 0; n < 8; n += 1) await guess();
    const told = await guess();
    await signIn(from(stage, '10.7.7.8'), { name: stage.anna.name, password: stage.anna.passphrase });
    return { told };
  },

  async 'somebody guesses at class codes'(stage) {
    const guess = () => refusal(from(stage, '10.8.8.8').api.session.join.mutate({ code: 'DDDDDD', name: 'Guesser' }));
    for (let n = 0; n < 30; n += 1) await guess();
    return { told: await guess() };
  },

  async 'somebody fills a class through its code'(stage) {
    const { id, code } = await stage.admin.joinCodes.open.mutate({ seats: 50, minutes: 5 });
    const take = (n: number) => from(stage, '10.9.9.9').api.session.join.mutate({ code, name: `Fake ${n}` });
    for (let n = 0; n < 10; n += 1) await take(n);
    const told = await refusal(take(10));
    return { told, admin: await stage.admin.joinCodes.removeJoined.mutate({ id }) };
  },

  async 'somebody joins by a name that looks like the teacher’s'(stage) {
    return { told: await join(stage, 'Te\u0430cher') };
  },

  async 'somebody joins by a name that turns the direction of writing'(stage) {
    return { told: await join(stage, 'An\u202ena') };
  },

  async 'somebody chooses one of the commonest passphrases'(stage) {
    return { told: await choose(stage, 'Password123') };
  },

  async 'somebody chooses a short passphrase'(stage) {
    return { told: await choose(stage, 'nine char') };
  },

  async 'somebody chooses a passphrase of spaces'(stage) {
    return { told: await choose(stage, ' '.repeat(12)) };
  },

  async 'a browser is led here by a name that is not ours'(stage) {
    return { told: await askAs(stage, 'evil.test') };
  },
});
