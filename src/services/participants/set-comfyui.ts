import type { Clock } from '#src/ports/random.ts';
import type { UserStore } from '#src/ports/users.ts';
import { member } from './member.ts';

/** Gives a person their ComfyUI, or takes it away at once, open sockets too. What it keeps for them stays. */
export async function setComfyui(
  deps: { users: UserStore; clock: Clock },
  { id, on }: { id: string; on: boolean },
): Promise<void> {
  await member(deps.users, id);
  await deps.users.setComfyui(id, on, deps.clock.now());
}
