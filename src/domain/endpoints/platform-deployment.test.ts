import { expect, test } from 'vitest';
import { isOfDeployment, priceOf, replicaCounts } from './platform-deployment.ts';

const flux = { name: 'flux', url: 'https://containers.test/flux' };
test.each([
  ['https://containers.test/flux', null, true],
  ['https://containers.test/flux/', null, true],
  ['https://containers.test/flux/comfy', null, true],
  ['https://containers.test/flux-two', null, false],
  ['https://containers.test', null, false],
  ['https://elsewhere.test/x', 'flux', true],
  ['https://containers.test/flux', 'other', false],
])('%s, said to be %s: %s', (url, deployment, is) => expect(isOfDeployment({ url, deployment }, flux)).toBe(is));

const h200 = { names: ['H200 SXM5', 'H200'], gpus: 1, onDemand: 2.8, spot: 0.97 };
const prices = [h200, { ...h200, gpus: 2, onDemand: 5.6, spot: null }];
test.each([
  [{ gpu: 'H200', gpus: 1, spot: false }, 2.8],
  [{ gpu: 'h200-sxm5', gpus: 1, spot: true }, 0.97],
  [{ gpu: 'H200', gpus: 2, spot: false }, 5.6],
  [{ gpu: 'H200', gpus: 2, spot: true }, null],
  [{ gpu: 'H200', gpus: 4, spot: false }, null],
  [{ gpu: 'B300', gpus: 1, spot: false }, null],
  [{ gpu: '', gpus: 1, spot: false }, null],
])('the price of %j: %s', (deployment, price) => expect(priceOf(deployment, prices)).toBe(price));

test('replicas that are up, and that are on their way', () => {
  const states = [
    'running',
    'running',
    'image_pulling',
    'initializing',
    'terminating',
    'error',
    'unavailable',
  ] as const;
  expect(replicaCounts(states.map((state) => ({ state })))).toEqual({ running: 2, starting: 2 });
  expect(replicaCounts([])).toEqual({ running: 0, starting: 0 });
});
