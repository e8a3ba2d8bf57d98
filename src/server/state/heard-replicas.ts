import type { HeardReplicas } from '#src/ports/listening.ts';

/**
 * A replica hears only the newest of its connections. So those over which something was heard since the last one was opened are at as many replicas; what
 * was heard before counts again when it is heard again.
 */
export function createHeardReplicas(): HeardReplicas {
  /** By endpoint: the open connections, and whether something was heard over each since. */
  const endpoints = new Map<string, Map<object, boolean>>();
  const of = (endpointId: string): Map<object, boolean> => endpoints.get(endpointId) ?? new Map<object, boolean>();
  return {
    opened(endpointId, connection) {
      const silent = [...of(endpointId).keys(), connection].map((one) => [one, false] as const);
      endpoints.set(endpointId, new Map(silent));
    },
    heard(endpointId, connection, before) {
      const connections = of(endpointId);
      if (!connections.has(connection)) return;
      connections.set(connection, true);
      if (before !== null && before !== connection && connections.has(before)) connections.set(before, false);
    },
    closed(endpointId, connection) {
      const connections = of(endpointId);
      connections.delete(connection);
      if (connections.size === 0) endpoints.delete(endpointId);
    },
    of(endpointId) {
      const connections = [...of(endpointId).values()];
      return { connections: connections.length, replicas: connections.filter((isHeard) => isHeard).length };
    },
  };
}
