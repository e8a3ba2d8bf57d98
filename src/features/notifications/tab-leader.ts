const TOLD_KEPT = 500;

type Message =
  /** The smallest `rank` speaks. */
  | { readonly type: 'claim'; readonly rank: string; readonly isSeen: boolean; readonly ids: readonly string[] }
  | { readonly type: 'told'; readonly ids: readonly string[] };

const areTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');

/** Null for what a tab of another version may say. By hand: every page loads this, and zod would be a tenth of it. */
function read(data: unknown): Message | null {
  if (typeof data !== 'object' || data === null || !('type' in data && 'ids' in data) || !areTexts(data.ids))
    return null;
  const { type, ids } = data;
  if (type === 'told') return { type, ids };
  if (type !== 'claim' || !('rank' in data && 'isSeen' in data)) return null;
  const { rank, isSeen } = data;
  return typeof rank === 'string' && typeof isSeen === 'boolean' ? { type, rank, isSeen, ids } : null;
}

type Hear = (event: MessageEvent<unknown>) => void;
/** A BroadcastChannel, as far as it is used. */
export type Channel = {
  postMessage(data: unknown): void;
  addEventListener(type: 'message', hear: Hear): void;
  removeEventListener(type: 'message', hear: Hear): void;
};

type Voice<Item> = {
  readonly channel: Channel;
  /** Smaller for the tab that can speak better; never the same in two tabs. */
  readonly rank: () => string;
  /** Every tab hears of the same end. For so long this one waits for the others, and for what ends at about the same time. */
  readonly waitMs: () => number;
  /** Whether the person has this tab before her eyes. */
  readonly isSeen: () => boolean;
  readonly speak: (items: readonly Item[], isSeen: boolean) => void;
};

/** Of all tabs of one person, one speaks of each thing, once for all that come together. */
export function createOneVoice<Item extends { readonly id: string }>(voice: Voice<Item>) {
  const { channel, rank, waitMs, isSeen, speak } = voice;
  const own = new Map<string, Item>();
  const claims = new Map<string, string>();
  let told: readonly string[] = [];
  let seenElsewhere = false;
  /** What it has bid for those that it is gathering. */
  let bid: string | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const post = (said: Message): void => channel.postMessage(said);
  const forget = (ids: readonly string[]): void => {
    told = [...told, ...ids].slice(-TOLD_KEPT);
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
    post({ type: 'told', ids });
    speak(mine, seen);
  };

  const hear = ({ data }: MessageEvent<unknown>): void => {
    const said = read(data);
    if (said === null) return;
    if (said.type === 'told') {
      forget(said.ids);
      return;
    }
    seenElsewhere ||= said.isSeen;
    for (const id of said.ids) {
      const best = claims.get(id);
      if (best === undefined || said.rank < best) claims.set(id, said.rank);
    }
  };
  channel.addEventListener('message', hear);

  return {
    say(items: readonly Item[]): void {
      const news = items.filter(({ id }) => !told.includes(id));
      if (news.length === 0) return;
      for (const item of news) own.set(item.id, item);
      bid ??= rank();
      post({ type: 'claim', rank: bid, isSeen: isSeen(), ids: news.map(({ id }) => id) });
      timer ??= setTimeout(settle, waitMs());
    },
    close(): void {
      clearTimeout(timer);
      channel.removeEventListener('message', hear);
    },
  };
}
