import { expect, test, vi } from 'vitest';
import type { Share } from '#src/ports/share.ts';
import { boundShare, createBoundedCalls } from './bounded-share.ts';

/** A share of which `list` hangs until it is let go. */
function hanging() {
  const release: (() => void)[] = [];
  const share: Share = {
    list: () => new Promise((resolve) => release.push(() => resolve({ files: [], leftOut: [] }))),
    examine: async () => ({ state: 'growing', why: 'test' }),
    watch: async () => async () => undefined,
    folders: async () => [],
    makeFolder: async () => true,
    removeIfEmpty: async () => undefined,
    embedded: async () => ({ prompt: null, workflow: null }),
  };
  return { share, release, calls: () => release.length };
}

test('a call that hangs is given up, others go on, and too many of them stop further calls until one comes back', async () => {
  vi.useFakeTimers();
  try {
    const { share, release, calls } = hanging();
    const bounded = boundShare(share, createBoundedCalls({ timeoutMs: 1000, maxStuck: 2 }));
    const first = expect(bounded.list('a')).rejects.toMatchObject({ code: 'share_unavailable' });
    await vi.advanceTimersByTimeAsync(1000);
    await first;
    expect(await bounded.examine('b', 'x.png')).toMatchObject({ state: 'growing' });

    const second = expect(bounded.list('b')).rejects.toMatchObject({ code: 'share_unavailable' });
    await vi.advanceTimersByTimeAsync(1000);
    await second;
    await expect(bounded.list('c')).rejects.toMatchObject({ code: 'share_unavailable' });
    expect(calls()).toBe(2);

    release[0]?.();
    await vi.advanceTimersByTimeAsync(0);
    const third = bounded.list('c');
    await vi.advanceTimersByTimeAsync(0);
    release[2]?.();
    expect(await third).toEqual({ files: [], leftOut: [] });
  } finally {
    vi.useRealTimers();
  }
});

test('a call that fails, fails as it is', async () => {
  const { share } = hanging();
  const bounded = boundShare(
    { ...share, list: () => Promise.reject(new Error('EIO')) },
    createBoundedCalls({ timeoutMs: 1000, maxStuck: 1 }),
  );
  await expect(bounded.list('a')).rejects.toThrow('EIO');
  await expect(bounded.list('a')).rejects.toThrow('EIO');
});

test('however many ask, no more than may be stuck are under way; the others wait their turn, and are refused when all are stuck', async () => {
  vi.useFakeTimers();
  try {
    const { share, release, calls } = hanging();
    const bounded = boundShare(share, createBoundedCalls({ timeoutMs: 1000, maxStuck: 2 }));
    const answers = ['a', 'b', 'c', 'd', 'e'].map((folder) => bounded.list(folder));
    const settled = Promise.allSettled(answers);
    await vi.advanceTimersByTimeAsync(0);
    expect(calls()).toBe(2);
    release[0]?.();
    await vi.advanceTimersByTimeAsync(0);
    expect(calls()).toBe(3);
    await vi.advanceTimersByTimeAsync(1000);
    expect((await settled).map(({ status }) => status)).toEqual(['fulfilled', ...Array(4).fill('rejected')]);
    expect(calls()).toBe(3);
  } finally {
    vi.useRealTimers();
  }
});
