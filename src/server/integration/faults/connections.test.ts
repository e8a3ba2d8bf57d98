import { once } from 'node:events';
import { WebSocket } from 'ws';
import { SOCKET, SOCKETS } from '#src/domain/request-bounds.ts';
import { picture } from '../testing/graphs.ts';
import { until } from '../testing/until.ts';
import type { Visitor } from '../testing/visitor.ts';
import { type FaultStage, openStage, tryFaults } from './stage.testing.ts';
import { CONNECTIONS, type ToldClosed, type ToldNo } from './table.testing.ts';

const range = (length: number): number[] => Array.from({ length }, (_, n) => n);

const connect = ({ product }: FaultStage, who: Visitor): WebSocket =>
  new WebSocket(`${product.url.replace('http', 'ws')}/api/trpc`, { headers: { cookie: who.cookie() } });

async function open(stage: FaultStage, who: Visitor): Promise<WebSocket> {
  const socket = connect(stage, who);
  await once(socket, 'open');
  return socket;
}

async function close(socket: WebSocket): Promise<void> {
  const closed = once(socket, 'close');
  socket.close();
  await closed;
}

async function endOf(socket: WebSocket): Promise<{ told: ToldClosed }> {
  const [code, reason] = await once(socket, 'close');
  return { told: { closed: Number(code), message: String(reason) } };
}

/** How the next one is refused; null when it is not. */
async function refusalOf(stage: FaultStage, who: Visitor): Promise<ToldNo | null> {
  const socket = connect(stage, who);
  const opened = once(socket, 'open').then(() => null);
  const refused = once(socket, 'unexpected-response').then(async ([, response]) => {
    const pieces: Buffer[] = [];
    for await (const piece of response) pieces.push(piece);
    return { refused: null, http: Number(response.statusCode), message: Buffer.concat(pieces).toString() };
  });
  const no = await Promise.race([opened, refused]);
  if (no === null) await close(socket);
  return no;
}

tryFaults(CONNECTIONS, () => openStage({ fleet: null }), {
  async 'a connection says more than anybody who works with it would'(stage) {
    const cara = await stage.product.participant('Cara');
    const socket = await open(stage, cara);
    for (const _ of range(500)) socket.send('{}');
    return endOf(socket);
  },

  async 'the connections of one person together say too much'(stage) {
    const dora = await stage.product.participant('Dora');
    const sockets = await Promise.all(range(10).map(() => open(stage, dora)));
    const first = Promise.race(sockets.map(endOf));
    // None of them says too much by itself.
    for (const _ of range(40)) for (const socket of sockets) socket.send('{}');
    return first;
  },

  async 'a connection says more bytes than its owner may'(stage) {
    const emma = await stage.product.participant('Emma');
    const socket = await open(stage, emma);
    for (const id of range(12)) socket.send(JSON.stringify({ id, text: 'x'.repeat(200_000) }));
    return endOf(socket);
  },

  async 'a connection does not read what it is sent'(stage) {
    const finn = await stage.product.participant('Finn');
    const graph = { ...picture(), 99: { class_type: 'Note', inputs: { text: 'x'.repeat(2_000_000) } } };
    const id = await stage.submit(graph, finn);
    const socket = await open(stage, finn);
    socket.pause();
    // More than the kernel keeps for somebody who does not read.
    for (const n of range(15))
      socket.send(JSON.stringify({ id: n, method: 'query', params: { path: 'jobs.graph', input: { id } } }));
    const ended = endOf(socket);
    await until('the line in the log', () => stage.logged('WebSocket closed').length > 0);
    socket.resume();
    return ended;
  },

  async 'a person opens connections one after another'(stage) {
    const gina = await stage.product.participant('Gina');
    let no: ToldNo | null = null;
    for (let n = 0; n < 3 * SOCKETS.MAX_OPENED && no === null; n += 1) no = await refusalOf(stage, gina);
    await close(await open(stage, stage.ben));
    if (!no) throw new Error('None was refused.');
    return { told: no };
  },

  async 'a person opens a 21st connection'(stage) {
    const hugo = await stage.product.participant('Hugo');
    const sockets = await Promise.all(range(SOCKET.perPerson).map(() => open(stage, hugo)));
    const no = await refusalOf(stage, hugo);
    await Promise.all(sockets.map(close));
    if (!no) throw new Error('It was not refused.');
    return { told: no };
  },
});
