/** The archive of everything of a participant, including rejected results. */
export const zipAddress = (userId: string, zone: string): string =>
  `/takehome?${new URLSearchParams({ user: userId, rejected: 'all', zone })}`;
