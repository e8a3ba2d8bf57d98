import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Channel, createTabLeader } from './tab-leader.ts';

type Listener = (event: MessageEvent<unknown>) => void;

/** Posted messages reach all others synchronously. */
function createAir(): () => Channel {
  const tabs = new Set<Set<Listener>>();
  return () => {
    const own = new Set<Listener>();
    tabs.add(own);
    return {
      postMessage: (data: unknown) => {
        for (const other of tabs)
          if (other !== own) for (const onMessage of other) onMessage(new MessageEvent('message', { data }));
      },
      addEventListener: (_, onMessage) => void own.add(onMessage),
      removeEventListener: (_, onMessage) => void own.delete(onMessage),
    };
  };
}

let channel: () => Channel;
let spoken: [tab: string, ids: string, isSeen: boolean][] = [];
beforeEach(() => {
  vi.useFakeTimers();
  channel = createAir();
  spoken = [];
});
afterEach(() => {
  vi.useRealTimers();
});

const tab = (rank: string, isSeen = false) =>
  createTabLeader({
    channel: channel(),
    rank: () => rank,
    waitMs: () => 1500,
    isSeen: () => isSeen,
    notify: (items, seen) => spoken.push([rank, items.map(({ id }) => id).join(' '), seen]),
  });
const jobs = (...ids: string[]) => ids.map((id) => ({ id }));

test('a single tab notifies once for jobs that end together, and again for later ones', () => {
  const only = tab('a');
  only.say(jobs('1'));
  vi.advanceTimersByTime(1000);
  only.say(jobs('2', '3'));
  vi.advanceTimersByTime(1000);
  expect(spoken).toEqual([['a', '1 2 3', false]]);
  only.say(jobs('3', '4'));
  vi.runAllTimers();
  expect(spoken.slice(1)).toEqual([['a', '4', false]]);
});

test('of three tabs the one with the smallest rank notifies, whichever receives the event first', () => {
  const tabs = ['c', 'a', 'b'].map((rank) => tab(rank));
  for (const each of tabs) {
    each.say(jobs('1', '2'));
    vi.advanceTimersByTime(100);
  }
  vi.runAllTimers();
  expect(spoken).toEqual([['a', '1 2', false]]);
});

test('a tab with throttled timers that receives the event much later stays silent', () => {
  const [quick, slow] = [tab('b'), tab('a')];
  quick.say(jobs('1'));
  vi.runAllTimers();
  slow.say(jobs('1'));
  vi.runAllTimers();
  expect(spoken).toEqual([['b', '1', false]]);
});

test('every item is notified when tabs received different ones', () => {
  const [one, other] = [tab('a'), tab('b')];
  one.say(jobs('1'));
  other.say(jobs('1', '2'));
  vi.runAllTimers();
  expect(spoken).toEqual([
    ['a', '1', false],
    ['b', '2', false],
  ]);
});

test('the leader knows that another tab is visible', () => {
  const [hidden, seen] = [tab('a'), tab('b', true)];
  hidden.say(jobs('1'));
  seen.say(jobs('1'));
  vi.runAllTimers();
  expect(spoken).toEqual([['a', '1', true]]);
});

test('a closed tab stays silent; invalid messages are ignored', () => {
  const one = tab('a');
  channel().postMessage({ type: 'claim', rank: 7 });
  one.say(jobs('1'));
  one.close();
  vi.runAllTimers();
  expect(spoken).toEqual([]);
});
