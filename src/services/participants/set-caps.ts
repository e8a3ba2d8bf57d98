import type { Bus } from '#src/ports/events.ts';
import type { Caps, UserStore } from '#src/ports/users.ts';
import { member } from './member.ts';

/** How much of the queue one person may have. Counts from now on; what is in flight stays there. */
export async function setCaps(deps: { users: UserStore; bus: Bus }, userId: string, caps: Caps): Promise<void> {
  await member(deps.users, userId);
  await deps.users.setCaps(userId, caps);
  deps.bus.announce({ type: 'settings.changed' });
}
