const MAX_NOTIFIED = 500;

type Message =
  /** The smallest `rank` leads. */
  | { readonly type: 'claim'; readonly rank: string; readonly isSeen: boolean; readonly ids: readonly string[] }
  | { readonly type: 'notified'; readonly ids: readonly string[] };

const areTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');

/** Null for messages of another version. By hand: every page loads this, and zod would be a tenth of it. */
function read(data: unknown): Message | null {
  if (typeof data !== 'object' || data === null || !('type' in data && 'ids' in data) || !areTexts(data.ids))
    return null;
  const { type, ids } = data;
  if (type === 'notified') return { type, ids };
  if (type !== 'claim' || !('rank' in data && 'isSeen' in data)) return null;
  const { rank, isSeen } = data;
  return typeof rank === 'string' && typeof isSeen === 'boolean' ? { type, rank, isSeen, ids } : null;
}

type MessageListener = (event: MessageEvent<unknown>) => void;
/** A BroadcastChannel, as far as it is used. */
export type Channel = {
  postMessage(data: unknown): void;
  addEventListener(type: 'message', onMessage: MessageListener): void;
  removeEventListener(type: 'message', onMessage: MessageListener): void;
};

type TabLeader<Item> = {
  readonly channel: Channel;
  /** Smaller for the better suited tab; never the same in two tabs. */
  readonly rank: () => string;
  /** Every tab receives the same events. This long it waits for the claims of the others, and for more events to combine. */
  readonly waitMs: () => number;
  /** Whether this tab is visible. */
  readonly isSeen: () => boolean;
  readonly notify: (items: readonly Item[], isSeen: boolean) => void;
};

/** Of all tabs of one person, one notifies of each item, once for all that arrive together. */
export function createTabLeader<Item extends { readonly id: string }>(leader: TabLeader<Item>) {
  const { channel, rank, waitMs, isSeen, notify } = leader;
  const own = new Map<string, Item>();
  const claims = new Map<string, string>();
  let notified: readonly string[] = [];
  let seenElsewhere = false;
  /** The rank claimed for the items being collected. */
  let bid: string | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const post = (said: Message): void => channel.postMessage(said);
  const forget = (ids: readonly string[]): void => {
    notified = [...notified, ...ids].slice(-MAX_NOTIFIED);
    for (const id of ids) {
      own.delete(id);
      claims.delete(id);
    }
  };

  const settle = (): void => {
    timer = undefined;
    const mine = [...own.values()].filter(({ id }) => (claims.get(id) ?? bid ?? '') >= (bid ?? ''));
    const seen = isSeen() || seenElsewhere;
    own.clear();
    claims.clear();
    seenElsewhere = false;
    bid = null;
    if (mine.length === 0) return;
    const ids = mine.map(({ id }) => id);
    forget(ids);
    post({ type: 'notified', ids });
    notify(mine, seen);
  };

  const onMessage = ({ data }: MessageEvent<unknown>): void => {
    const said = read(data);
    if (said === null) return;
    if (said.type === 'notified') {
      forget(said.ids);
      return;
    }
    seenElsewhere ||= said.isSeen;
    for (const id of said.ids) {
      const best = claims.get(id);
      if (best === undefined || said.rank < best) claims.set(id, said.rank);
    }
  };
  channel.addEventListener('message', onMessage);

  return {
    say(items: readonly Item[]): void {
      const news = items.filter(({ id }) => !notified.includes(id));
      if (news.length === 0) return;
      for (const item of news) own.set(item.id, item);
      bid ??= rank();
      post({ type: 'claim', rank: bid, isSeen: isSeen(), ids: news.map(({ id }) => id) });
      timer ??= setTimeout(settle, waitMs());
    },
    close(): void {
      clearTimeout(timer);
      channel.removeEventListener('message', onMessage);
    },
  };
}
