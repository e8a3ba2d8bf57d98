import { once } from 'node:events';
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { Duplex } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RequestFault, strike } from '../faults.ts';
import type { Fleet } from '../fleet.ts';
import { type Answer, canceled, gatewayAnswer, redirect, unknownKey, welcome } from './gateway-answers.ts';
import { headerList, idInPath, isAbout, isPrompt, routeOf } from './requests.ts';
import { ScriptedRefusals } from './scripted-refusals.ts';
import { tunnel } from './tunnel.ts';

/** Sends each request, and each websocket, to a random ready replica, independently of earlier requests. */
export class Balancer {
  readonly counts: { [route: string]: { [status: string]: number } } = {};
  /** Requests that started a replica because none was up, by route. */
  readonly woke: { [route: string]: number } = {};
  /** Requests that wait for a replica, by route. */
  readonly waiting: { [route: string]: number } = {};
  private readonly tunnels = new Set<Duplex>();
  private readonly server: Server;
  private readonly fleet: Fleet;
  private readonly apiKey: string | null;
  private readonly refusals = new ScriptedRefusals();

  constructor(fleet: Fleet, apiKey: string | null) {
    this.fleet = fleet;
    this.apiKey = apiKey;
    this.server = createServer((request, response) => {
      this.handle(request, response).catch((error: unknown) => {
        process.stderr.write(`Balancer: ${error instanceof Error ? error.message : String(error)}\n`);
        response.destroy();
      });
    });
    this.server.requestTimeout = 0;
    this.server.on('upgrade', (request, socket, head) => {
      this.tunnels.add(socket);
      socket.on('close', () => this.tunnels.delete(socket));
      this.upgrade(request, socket, head).catch(() => socket.destroy());
    });
  }

  async listen(port: number, host: string): Promise<number> {
    this.server.listen(port, host);
    await once(this.server, 'listening');
    const address = this.server.address();
    if (typeof address === 'object' && address !== null) return address.port;
    throw new Error('The balancer has no port.');
  }

  /** Closes the port, so that connections are refused, and cuts the open ones. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
      // Node counts those of WebSockets no longer.
      this.dropSockets();
    });
  }

  /** Cuts the WebSockets that are open, as a balancer does that is restarted; new ones are let through. */
  dropSockets(): number {
    const open = [...this.tunnels];
    for (const socket of open) socket.destroy();
    return open.length;
  }

  private count(request: IncomingMessage, status: string): void {
    const route = routeOf(request);
    this.counts[route] ??= {};
    const byStatus = this.counts[route];
    byStatus[status] = (byStatus[status] ?? 0) + 1;
  }

  private answer(request: IncomingMessage, response: ServerResponse, { status, type, body, headers }: Answer): void {
    this.count(request, String(status));
    response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body), ...headers });
    response.end(body);
    request.resume();
  }

  private cut(request: IncomingMessage, socket: Duplex | null): void {
    this.count(request, 'cut');
    socket?.destroy();
  }

  private keyMissing(request: IncomingMessage): boolean {
    return this.apiKey !== null && request.headers.authorization !== `Bearer ${this.apiKey}`;
  }

  private faultFor(request: IncomingMessage): RequestFault | null {
    const { requests } = this.fleet.faults;
    return requests.find((fault) => isAbout(request, fault.only) && strike(fault, this.fleet.random)) ?? null;
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.keyMissing(request)) {
      this.answer(request, response, unknownKey);
      return;
    }
    const fault = this.faultFor(request);
    switch (fault?.kind) {
      case 'answer': {
        const headers = fault.retryAfter === null ? undefined : { 'Retry-After': fault.retryAfter };
        this.answer(request, response, gatewayAnswer(fault.status, headers));
        return;
      }
      case 'redirect':
        this.answer(request, response, redirect(fault.status, fault.to));
        return;
      case 'html':
        this.answer(request, response, welcome);
        return;
      case 'delay':
        await sleep(fault.ms);
        break;
      case 'cutAfterAccept':
      case 'timeoutAfterAccept':
      case 'truncate':
      case undefined:
        break;
      default:
        fault satisfies never;
    }
    const body = isPrompt(request) ? await buffer(request) : null;
    const refusal = body && this.refusals.next(body);
    if (refusal) {
      this.answer(request, response, { ...refusal, type: 'text/plain' });
      return;
    }
    const abandoned = new AbortController();
    response.on('close', () => abandoned.abort());
    const route = routeOf(request);
    if (this.fleet.isCold()) this.woke[route] = (this.woke[route] ?? 0) + 1;
    this.waiting[route] = (this.waiting[route] ?? 0) + 1;
    const replica = await this.fleet.pick(abandoned.signal, idInPath(request));
    this.waiting[route] -= 1;
    if (abandoned.signal.aborted) {
      this.count(request, 'abandoned');
      return;
    }
    if (!replica) {
      this.answer(request, response, canceled);
      return;
    }
    const { method, url, rawHeaders } = request;
    const onward = httpRequest({
      host: '127.0.0.1',
      port: replica.port,
      agent: replica.agent,
      method,
      path: url,
      headers: headerList(rawHeaders),
    });
    onward.on('response', (answer) => this.relay(request, response, answer, fault));
    onward.on('error', () => {
      if (response.headersSent || response.destroyed) this.cut(request, response.socket);
      else this.answer(request, response, gatewayAnswer(502));
    });
    if (body) onward.end(body);
    else request.pipe(onward);
  }

  private relay(
    request: IncomingMessage,
    response: ServerResponse,
    answer: IncomingMessage,
    fault: RequestFault | null,
  ): void {
    const status = answer.statusCode ?? 502;
    if (fault?.kind === 'cutAfterAccept') {
      answer.resume();
      this.cut(request, response.socket);
      return;
    }
    if (fault?.kind === 'timeoutAfterAccept') {
      answer.resume();
      this.answer(request, response, canceled);
      return;
    }
    response.writeHead(status, headerList(answer.rawHeaders));
    if (fault?.kind === 'truncate') {
      answer.once('data', (part: Buffer) => {
        answer.pause();
        response.write(part.subarray(0, part.length >> 1), () => this.cut(request, response.socket));
      });
      return;
    }
    answer.on('error', () => this.cut(request, response.socket));
    answer.on('end', () => this.count(request, String(status)));
    answer.pipe(response);
  }

  private async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => socket.destroy());
    if (this.keyMissing(request)) {
      this.count(request, '404');
      socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    if (this.fleet.faults.webSockets === 'refuse') {
      this.count(request, '400');
      socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    const abandoned = new AbortController();
    socket.on('close', () => abandoned.abort());
    if (this.fleet.isCold()) this.woke['GET /ws'] = (this.woke['GET /ws'] ?? 0) + 1;
    const replica = await this.fleet.pick(abandoned.signal, null);
    if (!replica || abandoned.signal.aborted) {
      this.count(request, '504');
      socket.end(
        `HTTP/1.1 504 Gateway Timeout\r\nContent-Type: application/json\r\nContent-Length: ${canceled.body.length}\r\n\r\n${canceled.body}`,
      );
      return;
    }
    this.count(request, '101');
    socket.on('close', this.fleet.occupy(replica.id));
    tunnel(request, socket, head, replica.port);
  }
}
