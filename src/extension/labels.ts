import type { ServerJob } from './server.ts';

/** More are not told apart: by then nobody looks for the first ones. */
const MAX_KNOWN = 5000;

/** “Dawn”, and “Dawn #2” where several jobs have one title. A label stays what it is for as long as the page is open. */
export function createLabels() {
  const counts = new Map<string, number>();
  const labels = new Map<string, string>();
  return {
    /** Newest first. */
    know(jobs: readonly Pick<ServerJob, 'id' | 'title'>[]): void {
      for (const { id, title } of [...jobs].reverse()) {
        if (labels.has(id) || labels.size >= MAX_KNOWN) continue;
        const count = (counts.get(title) ?? 0) + 1;
        counts.set(title, count);
        labels.set(id, count === 1 ? title : `${title} #${count}`);
      }
    },
    of: ({ id, title }: Pick<ServerJob, 'id' | 'title'>): string => labels.get(id) ?? title,
  };
}
