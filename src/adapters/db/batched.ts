/**
 * Joins the calls that come in one turn of the event loop, or while a batch is under way, so that many callers share one query, or one transaction and its
 * fsync. Each caller waits for the batch that holds its own item. When a batch fails, its items are tried one by one, so that each caller gets the answer
 * to its own.
 */
export function batched<Item, Done>(
  work: (items: readonly Item[]) => Promise<readonly Done[]>,
  most = 64,
): (item: Item) => Promise<Done> {
  let waiting: { item: Item; resolve: (done: Done) => void; reject: (error: unknown) => void }[] = [];
  let working = false;

  async function settle(batch: typeof waiting): Promise<void> {
    try {
      const done = await work(batch.map(({ item }) => item));
      for (const [index, caller] of batch.entries()) caller.resolve(done[index]!);
    } catch (error) {
      if (batch.length === 1) batch[0]?.reject(error);
      else for (const caller of batch) await settle([caller]);
    }
  }

  async function drain(): Promise<void> {
    working = true;
    while (waiting.length > 0) {
      // The driver never gives up the thread while it works. What came meanwhile has first to be read from its sockets: that takes a turn of the loop.
      await new Promise(setImmediate);
      const batch = waiting.slice(0, most);
      waiting = waiting.slice(most);
      await settle(batch);
    }
    working = false;
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!working) void drain();
    });
}
