import type { TokenRecord } from '#src/ports/users.ts';

const isoOrNull = (time: number | null): string | null => (time === null ? null : new Date(time).toISOString());

export const presentToken = ({ id, name, scope, createdAt, lastUsedAt, expiresAt }: TokenRecord) => ({
  id,
  name,
  scope,
  createdAt: new Date(createdAt).toISOString(),
  lastUsedAt: isoOrNull(lastUsedAt),
  expiresAt: isoOrNull(expiresAt),
});
