import fc from 'fast-check';
import { expect, test } from 'vitest';
import { heapify, pop, push, type QueueItem } from './heap.ts';

const item = (number: number, promptId: string): QueueItem => ({
  number,
  promptId,
  prompt: {},
  extraData: {},
  secrets: {},
  outputs: [],
});

function drain(heap: QueueItem[]): string[] {
  const ran: string[] = [];
  for (let next = pop(heap); next; next = pop(heap)) ran.push(next.promptId);
  return ran;
}

test('the raw heap and the order of running are as recorded', () => {
  const heap: QueueItem[] = [];
  for (const [id, number] of [
    ['o0', 248],
    ['o1', 249],
    ['o2', -100],
    ['o3', -250],
    ['o4', 1e9],
    ['o5', 0.5],
  ] as const) {
    push(heap, item(number, id));
  }
  expect(heap.map(({ promptId }) => promptId)).toEqual(['o3', 'o2', 'o5', 'o1', 'o4', 'o0']);
  expect(drain(heap)).toEqual(['o3', 'o2', 'o5', 'o0', 'o1', 'o4']);
});

test('equal numbers run in the order of their ids', () => {
  const heap: QueueItem[] = [];
  for (const id of ['zz', 'aa', 'mm']) push(heap, item(1, id));
  expect(drain(heap)).toEqual(['aa', 'mm', 'zz']);
});

test('the same number and id raises, but the item is added', () => {
  const heap = [item(1, 'a')];
  expect(() => push(heap, item(1, 'a'))).toThrow("'<' not supported");
  expect(heap).toHaveLength(2);
});

test('entries come out sorted, also after one was removed from the middle', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer(), { maxLength: 40 }), fc.nat(), (numbers, place) => {
      const heap: QueueItem[] = [];
      for (const number of numbers) push(heap, item(number, String(number)));
      const [removed] = heap.splice(place % Math.max(1, heap.length), 1);
      heapify(heap);
      const left = numbers.filter((number) => number !== removed?.number).sort((a, b) => a - b);
      expect(drain(heap)).toEqual(left.map(String));
    }),
  );
});
