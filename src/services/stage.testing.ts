import { randomUUID } from 'node:crypto';
import { random } from '#src/adapters/auth/random.ts';
import { createSealer } from '#src/adapters/auth/sealer.ts';
import { openFresh } from '#src/adapters/db/fresh-database.testing.ts';
import type { Actor, Role } from '#src/domain/users/user.ts';
import type { Passwords } from '#src/ports/auth.ts';
import type { NodeCatalogues } from '#src/ports/comfyui/node-catalogue.ts';
import type { Endpoint } from '#src/ports/endpoints.ts';
import type { Gallery } from '#src/ports/gallery.ts';
import type { DiskSpace } from '#src/ports/health.ts';
import type { Answer, Worker } from '#src/ports/worker.ts';

export const graph = {
  '1': { class_type: 'EmptyImage', inputs: { width: 8, height: 8, batch_size: 1, color: 0 } },
  '9': { class_type: 'SaveImage', inputs: { images: ['1', 0], filename_prefix: 'shot' } },
};

/** Nothing is known of the nodes of any endpoint. */
export const unknownNodes: NodeCatalogues = {
  notes: async () => new Map(),
  of: async () => null,
  union: async () => null,
  versionOf: async () => '',
  keep: () => Promise.reject(new Error('nothing is captured here')),
};

/** Real stores, and stand-ins for what is outside: a clock that is set, a worker that answers as told, a gallery without files. */
export async function openStage() {
  const stores = await openFresh();
  const time = { now: Date.parse('2026-11-23T10:00:00.000Z') };
  const stopped: string[] = [];
  const fired: Parameters<Worker['fire']>[1][] = [];
  const worker = { answer: { type: 'accepted', httpStatus: 200, nodeErrors: {} } satisfies Answer as Answer };
  const version: { now: string | null } = { now: null };
  const busy: { endpointId: string; until: number }[] = [];
  const emptied: string[] = [];
  const brought: string[] = [];
  const duplicated: [path: string, to: string][] = [];
  const discarded: string[] = [];
  /** Files that lie in the gallery, though the database does not know them: path → SHA-256. */
  const unknown = new Map<string, string>();
  const undone: string[] = [];
  /** Not argon2, which is meant to be slow. */
  const passwords: Passwords = {
    isCommon: async (password) => password === 'password123',
    hash: async (password) => `hash of ${password}`,
    verify: async (hash, password) => hash === `hash of ${password}`,
  };
  const gallery: Gallery = {
    async importFile(source, { path, replaces }) {
      const there = unknown.get(path);
      if (there !== undefined && there !== replaces) return 'taken';
      brought.push(path);
      return {
        bytes: source.bytes,
        sha256: 'abc',
        facts: { kind: 'image', mime: 'image/png', width: 8, height: 8, duration: null, codecs: null },
      };
    },
    isFree: async (path) => !unknown.has(path),
    putText: async (path, text) => {
      if (unknown.has(path)) return 'taken';
      brought.push(path);
      return {
        bytes: text.length,
        sha256: 'abc',
        facts: { kind: 'other', mime: 'text/plain', width: null, height: null, duration: null, codecs: null },
      };
    },
    async duplicate(path, to) {
      if (unknown.has(to)) return 'taken';
      duplicated.push([path, to]);
      return 'copied';
    },
    discard: async (path) => void discarded.push(path),
    prepare: () => undefined,
    open: async () => null,
    size: async () => null,
    local: (path, use) => use(path),
    read: () => {
      throw new Error('nothing is read here');
    },
    derive: async () => ({ state: 'none', why: 'Nothing is made here.' }),
    thumbnail: async () => null,
    discardDerived: async (resultId) => void undone.push(resultId),
    close: async () => undefined,
  };
  const diskSpace: DiskSpace = { full: async () => null };
  const deps = {
    ...stores,
    gallery,
    passwords,
    random,
    sealer: createSealer(),
    clock: { now: () => time.now },
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
    diskSpace,
    inputShare: {
      has: async () => true,
      keep: () => Promise.reject(new Error('nothing is uploaded here')),
      discard: async () => undefined,
    },
    share: { makeFolder: async () => true, removeIfEmpty: async (folder: string) => void emptied.push(folder) },
    workerVersions: { versionOf: () => version.now },
    nodeCatalogues: unknownNodes,
    modelNames: { seen: async () => null },
    breakers: {
      busy: (endpointId: string, until: number) => void busy.push({ endpointId, until }),
      accepted: () => undefined,
      failed: async () => undefined,
    },
    stopAttempt: ({ id }: { id: string }) => void stopped.push(id),
    worker: {
      async fire(_: Endpoint, prompt: Parameters<Worker['fire']>[1]) {
        fired.push(prompt);
        return worker.answer;
      },
      withdraw: async () => undefined,
      stop: async () => undefined,
    } satisfies Worker,
  };
  const endpoint = await stores.endpoints.upsert(
    { name: 'gpu', url: 'http://gpu.test', gpu: '', pricing: 'spot', capacity: 2, apiKeyVariable: null },
    time.now,
  );
  return {
    deps,
    time,
    endpoint,
    worker,
    version,
    busy,
    emptied,
    stopped,
    fired,
    brought,
    duplicated,
    discarded,
    unknown,
    undone,
    async actor(name: string, role: Role = 'participant'): Promise<Actor> {
      const user = await stores.users.create({
        id: randomUUID(),
        name,
        role,
        passwordHash: `hash of ${name}`,
        now: time.now,
      });
      return { userId: user.id, name, role };
    },
    close: stores.close,
  };
}
export type Stage = Awaited<ReturnType<typeof openStage>>;
