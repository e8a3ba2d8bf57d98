/**
 * Joins the items that come in one turn of the event loop, or while a batch is being written, so that many callers share one transaction (and one fsync).
 * Each caller waits for the batch that holds its own item. When a batch cannot be written, its items are written one by one, so that each caller gets
 * the answer to its own.
 */
export function groupCommit<Item, Done>(
  write: (items: readonly Item[]) => Promise<readonly Done[]>,
  most: number,
): (item: Item) => Promise<Done> {
  let waiting: { item: Item; resolve: (done: Done) => void; reject: (error: unknown) => void }[] = [];
  let writing = false;

  async function settle(batch: typeof waiting): Promise<void> {
    try {
      const done = await write(batch.map(({ item }) => item));
      for (const [index, caller] of batch.entries()) caller.resolve(done[index]!);
    } catch (error) {
      if (batch.length === 1) batch[0]?.reject(error);
      else for (const caller of batch) await settle([caller]);
    }
  }

  async function drain(): Promise<void> {
    writing = true;
    while (waiting.length > 0) {
      // The driver never gives up the thread while it works. What came meanwhile has first to be read from its sockets: that takes a turn of the loop.
      await new Promise(setImmediate);
      const batch = waiting.slice(0, most);
      waiting = waiting.slice(most);
      await settle(batch);
    }
    writing = false;
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!writing) void drain();
    });
}
