import type { UserStore } from '#src/ports/users.ts';
import { member } from './member.ts';

/** The folder keeps its name: links to files go on working. */
export async function renameParticipant(
  deps: { users: UserStore },
  input: { id: string; name: string },
): Promise<void> {
  await member(deps.users, input.id);
  await deps.users.rename(input.id, input.name);
}
