import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { createMonitoring } from '../../state/monitoring.ts';
import { productUnderTest } from '../testing/product-under-test.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function tool(name: string, answer: RequestListener) {
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    answer(request, response);
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    name,
    url: `/monitoring/${name}/`,
    check: `http://127.0.0.1:${address.port}/health`,
    asked: () => asked,
  };
}

test('each says in words what is wrong, and one that is silent holds nobody up for long', async () => {
  const elsewhere = await tool('elsewhere', (_, response) => response.end('ok'));
  const gaveUp = new AbortController();
  const tools = [
    await tool('well', (_, response) => response.end('ok')),
    await tool('ill', (_, response) => response.writeHead(503).end()),
    await tool('leads away', (_, response) => response.writeHead(302, { location: elsewhere.check }).end()),
    await tool('silent', () => gaveUp.abort()),
    { name: 'not there', url: '/monitoring/none/', check: 'http://127.0.0.1:1/' },
    await tool('endless', (_, response) => void response.write('a part, and no end')),
  ];
  // The silent one has its two seconds as soon as it was asked; none of the others may need them.
  const boundedCalls = ({ name }: { name: string }) =>
    name === 'silent' ? gaveUp.signal : new AbortController().signal;
  const list = await createMonitoring(tools, { now: () => 7 }, boundedCalls).list();
  expect(list.map(({ name, problem }) => [name, problem])).toEqual([
    ['well', null],
    ['ill', { words: 'It responded with 503.', since: 7 }],
    ['leads away', { words: 'It responded with 302.', since: 7 }],
    ['silent', { words: 'No response within 2 s.', since: 7 }],
    ['not there', { words: 'No connection.', since: 7 }],
    ['endless', null],
  ]);
  expect(elsewhere.asked()).toBe(0);
});

test('it is asked at most every ten seconds, and what is wrong is so since it was seen first', async () => {
  let now = 1_000_000;
  let status = 500;
  const grafana = await tool('grafana', (_, response) => response.writeHead(status).end());
  const { list } = createMonitoring([grafana], { now: () => now });
  const problem = async () => (await list())[0]?.problem;
  await Promise.all([list(), list()]);
  now += 9_999;
  await list();
  expect(grafana.asked()).toBe(1);
  now += 1;
  expect(await problem()).toEqual({ words: 'It responded with 500.', since: 1_000_000 });
  expect(grafana.asked()).toBe(2);
  status = 204;
  now += 10_000;
  expect(await problem()).toBeNull();
  status = 404;
  now += 10_000;
  expect(await problem()).toEqual({ words: 'It responded with 404.', since: now });
});

test('operators are told of it, without the address that only we ask', async () => {
  const [grafana, loki] = [
    await tool('grafana', (_, response) => response.end('ok')),
    await tool('loki', (_, response) => response.writeHead(503).end()),
  ];
  const product = await productUnderTest({ fleet: null, config: { monitoring: [grafana, loki] } });
  try {
    expect(await product.operator.api.admin.monitoring.list.query()).toEqual([
      { name: 'grafana', url: '/monitoring/grafana/', problem: null },
      {
        name: 'loki',
        url: '/monitoring/loki/',
        problem: { words: 'It responded with 503.', since: expect.stringMatching(/Z$/) },
      },
    ]);
  } finally {
    await product.stop();
  }
});
