/**
 * Joins the calls that come in one turn of the event loop, or while a batch is under way, so that many callers share one query, or one transaction and its
 * fsync. Each caller waits for the batch that holds its own item. When a batch fails, its items are tried one by one, so that each caller gets the answer
 * to its own. What is to be done `within` a time starts no batch before that is over: it joins the next one.
 */
export function batched<Item, Done>(
  work: (items: readonly Item[]) => Promise<readonly Done[]>,
  most = 64,
): ((item: Item) => Promise<Done>) & { within(ms: number, item: Item): Promise<Done> } {
  type Caller = { item: Item; isPatient: boolean; resolve: (done: Done) => void; reject: (error: unknown) => void };
  let waiting: Caller[] = [];
  let working = false;
  let patience: { readonly until: number; readonly timer: NodeJS.Timeout } | null = null;

  async function settle(batch: readonly Caller[]): Promise<void> {
    try {
      const done = await work(batch.map(({ item }) => item));
      for (const [index, caller] of batch.entries()) caller.resolve(done[index]!);
    } catch (error) {
      if (batch.length === 1) batch[0]?.reject(error);
      else for (const caller of batch) await settle([caller]);
    }
  }

  function endPatience(): void {
    if (patience) clearTimeout(patience.timer);
    patience = null;
    for (const caller of waiting) caller.isPatient = false;
  }

  async function drain(): Promise<void> {
    working = true;
    do {
      // The driver never gives up the thread while it works. What came meanwhile has first to be read from its sockets: that takes a turn of the loop.
      await new Promise(setImmediate);
      const batch = waiting.slice(0, most);
      waiting = waiting.slice(most);
      if (waiting.length === 0) endPatience();
      await settle(batch);
    } while (waiting.some(({ isPatient }) => !isPatient));
    working = false;
  }

  const add = (item: Item, isPatient: boolean): Promise<Done> =>
    new Promise((resolve, reject) => {
      waiting.push({ item, isPatient, resolve, reject });
      if (!isPatient && !working) void drain();
    });

  return Object.assign((item: Item) => add(item, false), {
    within(ms: number, item: Item): Promise<Done> {
      const until = performance.now() + ms;
      if (patience === null || until < patience.until) {
        if (patience) clearTimeout(patience.timer);
        const end = (): void => {
          endPatience();
          if (!working) void drain();
        };
        patience = { until, timer: setTimeout(end, ms) };
      }
      return add(item, true);
    },
  });
}
