import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { SOCKET } from '#src/domain/request-bounds.ts';
import type { ComfyuiSockets } from '#src/gateway/sockets.ts';
import type { Log } from '#src/ports/log.ts';
import type { Random } from '#src/ports/random.ts';
import type { UserStore } from '#src/ports/users.ts';
import { type Identity, identify } from '#src/services/session/identify.ts';
import { comfyTokenOf, withoutToken } from '../comfy-token.ts';
import type { Hosts } from '../hosts.ts';
import { type Origins, proofOf, urlOf } from '../requests.ts';
import { createOpenSockets, refuseUpgrade } from './open-sockets.ts';

const PATH = /^(?:\/api)?\/ws$/;
const MAX_CLIENT_ID = 200;

type Deps = Parameters<typeof createOpenSockets>[0] & {
  users: UserStore;
  random: Random;
  log: Log;
  comfyuiSockets: ComfyuiSockets;
};

/** ComfyUI's own WebSocket. Whoever may use its API by a token in the path may open it by the same. */
export function createComfyuiUpgrades(deps: Deps, origins: Origins, hosts: Hosts) {
  const server = new WebSocketServer({ noServer: true, maxPayload: SOCKET.messageBytes });
  async function prove(request: IncomingMessage): Promise<Identity | null> {
    const url = urlOf(request);
    const site = origins.site(request);
    const bearer = comfyTokenOf(request, url);
    const identity = await identify(deps, { ...proofOf(request, site), bearer }, false);
    return identity?.hasComfyui ? identity : null;
  }
  const open = createOpenSockets(deps, prove);
  const unlisten = deps.bus.listen((signal) => {
    if (signal.type === 'comfyui.off') open.end(signal.userId, 'ComfyUI is turned off');
  });

  return {
    /** Whether this is asked for ComfyUI's socket. */
    isFor(request: IncomingMessage): boolean {
      return origins.isTab(request) && PATH.test(withoutToken(urlOf(request)).pathname);
    },

    async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
      socket.on('error', () => socket.destroy());
      if (!hosts.isKnown(request)) return refuseUpgrade(socket, '421 Misdirected Request');
      if (!origins.isAllowed(request)) return refuseUpgrade(socket, '403 Forbidden');
      const clientId = urlOf(request).searchParams.get('clientId') || deps.random.id();
      if (clientId.length > MAX_CLIENT_ID)
        return refuseUpgrade(socket, '400 Bad Request', `A clientId has at most ${MAX_CLIENT_ID} characters.`);
      const identity = await open.admit(request, socket);
      if (!identity) return;
      server.handleUpgrade(request, socket, head, (ws) => {
        open.add(ws, identity, request);
        deps.comfyuiSockets.open(ws, { userId: identity.actor.userId, clientId });
      });
    },

    async close(): Promise<void> {
      unlisten();
      deps.comfyuiSockets.close();
      await open.close();
      server.close();
    },
  };
}
