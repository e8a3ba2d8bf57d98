import type { Bus } from '#src/ports/events.ts';
import type { Presence } from '#src/ports/users.ts';

/** Counts open sockets by user, and tells when somebody comes or goes. */
export function createPresence(bus: Bus): Presence & { enter(userId: string): void; leave(userId: string): void } {
  const open = new Map<string, number>();
  return {
    tabs: (userId) => open.get(userId) ?? 0,
    enter(userId) {
      const tabs = (open.get(userId) ?? 0) + 1;
      open.set(userId, tabs);
      if (tabs === 1) bus.announce({ type: 'presence.changed' });
    },
    leave(userId) {
      const tabs = (open.get(userId) ?? 0) - 1;
      if (tabs > 0) open.set(userId, tabs);
      else {
        open.delete(userId);
        bus.announce({ type: 'presence.changed' });
      }
    },
  };
}
