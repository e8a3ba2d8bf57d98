const LOOK_EVERY_MS = 20;
/** What is waited for needs the processor too: looking takes a fifth of the time at most. */
const REST = 4;

/** Looks again and again until there is something other than null, undefined or false, and gives it. Says what it waited for when it never comes. */
export async function until<T>(
  what: string,
  look: () => Promise<T> | T,
  maxMs = 100_000,
): Promise<Exclude<T, null | undefined | false>> {
  const end = performance.now() + maxMs;
  for (;;) {
    const begun = performance.now();
    const found = await look();
    if (isThere(found)) return found;
    const looked = performance.now();
    if (looked > end) throw new Error(`Waited ${maxMs} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, Math.max(LOOK_EVERY_MS, REST * (looked - begun))));
  }
}

const isThere = <T>(found: T): found is Exclude<T, null | undefined | false> =>
  found !== null && found !== undefined && found !== false;
