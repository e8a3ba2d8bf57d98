/** Where everything of a participant is packed, rejected results too. */
export const zipAddress = (userId: string, zone: string): string =>
  `/takehome?${new URLSearchParams({ user: userId, rejected: 'all', zone })}`;
