import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import { type RawData, WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { dumps, type Json, type JsonObject } from '../python.ts';

const flagsMessage = z.looseObject({
  type: z.literal('feature_flags'),
  data: z.record(z.string(), z.json()).default({}),
});

export const serverFeatures: JsonObject = { supports_preview_metadata: true, max_upload_size: 104857600 };

const previewTypes = { JPEG: 1, PNG: 2 } as const;

function uint32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, index * 4);
  return bytes;
}

/** The websocket clients of one process, by client id. */
export class Sockets {
  private readonly byId = new Map<string, WebSocket>();
  private readonly flags = new Map<string, JsonObject>();
  private readonly server = new WebSocketServer({ noServer: true });
  /** The client whose prompt runs, and the current node: sent to that client when it reconnects. */
  current: { clientId: string | null; nodeId: string | null } = { clientId: null, nodeId: null };

  attach(http: Server, status: () => JsonObject, allowed: (request: IncomingMessage) => boolean): void {
    http.on('upgrade', (request, socket, head) => {
      const url = new URL(request.url ?? '/', 'http://worker');
      if (url.pathname !== '/ws' && url.pathname !== '/api/ws') {
        socket.end(
          'HTTP/1.1 404 Not Found\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 14\r\n\r\n404: Not Found',
        );
        return;
      }
      if (!allowed(request)) {
        socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n');
        return;
      }
      this.server.handleUpgrade(request, socket, head, (client) => {
        this.join(client, url.searchParams.get('clientId') || randomUUID().replaceAll('-', ''), status());
      });
    });
  }

  private join(client: WebSocket, sid: string, status: JsonObject): void {
    this.byId.set(sid, client);
    this.flags.set(sid, {});
    // Closing takes the id out of the table even if a newer socket has taken it over: that one receives nothing more.
    client.on('close', () => {
      this.byId.delete(sid);
      this.flags.delete(sid);
    });
    client.on('error', (error) => process.stderr.write(`ws connection closed with exception ${error.message}\n`));
    let first = true;
    client.on('message', (data: RawData, isBinary: boolean) => {
      if (isBinary) return;
      if (first) this.readFlags(sid, String(data));
      first = false;
    });
    this.send('status', { status, sid }, sid);
    if (this.current.clientId === sid && this.current.nodeId !== null) {
      this.send('executing', { node: this.current.nodeId }, sid);
    }
  }

  private readFlags(sid: string, text: string): void {
    let data: unknown;
    try {
      data = JSON.parse(text);
    } catch {
      process.stderr.write(`Invalid JSON received from client ${sid}: ${text.slice(0, 100)}\n`);
      return;
    }
    const message = flagsMessage.safeParse(data);
    if (!message.success) return;
    this.flags.set(sid, message.data.data);
    this.send('feature_flags', serverFeatures, sid);
  }

  /** To one client, or to all with null; to a client that is not connected here, to nobody. */
  send(type: string, data: Json, sid: string | null): void {
    this.deliver(dumps({ type, data }), sid);
  }

  private deliver(payload: string | Buffer, sid: string | null): void {
    const targets = sid === null ? [...this.byId.values()] : [this.byId.get(sid)];
    for (const target of targets) if (target?.readyState === WebSocket.OPEN) target.send(payload);
  }

  wantsPreviewMetadata(sid: string | null): boolean {
    return sid !== null && this.flags.get(sid)?.supports_preview_metadata === true;
  }

  preview(type: 'PNG' | 'JPEG', image: Buffer, sid: string | null): void {
    this.deliver(Buffer.concat([uint32(1, previewTypes[type]), image]), sid);
  }

  previewWithMetadata(metadata: JsonObject, image: Buffer, sid: string | null): void {
    const json = Buffer.from(dumps(metadata));
    this.deliver(Buffer.concat([uint32(4, json.length), json, image]), sid);
  }

  textOfNode(nodeId: string, text: string): void {
    const id = Buffer.from(nodeId);
    this.deliver(Buffer.concat([uint32(3, id.length), id, Buffer.from(text)]), null);
  }
}
