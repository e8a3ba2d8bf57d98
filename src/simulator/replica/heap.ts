import type { Json, JsonObject } from './python.ts';
import { PythonError } from './python.ts';

/** A queue entry in the server's own order: number, id, prompt, extra_data, outputs to execute. */
export type QueueItem = {
  number: number;
  promptId: string;
  prompt: JsonObject;
  extraData: Json;
  /** The part of extra_data that nodes can read and clients cannot. */
  secrets: JsonObject;
  outputs: string[];
};

function before(a: QueueItem, b: QueueItem): boolean {
  if (a.number !== b.number) return a.number < b.number;
  if (a.promptId !== b.promptId) return a.promptId < b.promptId;
  throw new PythonError('TypeError', "'<' not supported between instances of 'dict' and 'dict'");
}

const at = (heap: QueueItem[], index: number): QueueItem => {
  const item = heap[index];
  if (!item) throw new RangeError(`No queue item at ${index}`);
  return item;
};

function towardsRoot(heap: QueueItem[], start: number, from: number): void {
  const item = at(heap, from);
  let place = from;
  while (place > start) {
    const parent = (place - 1) >> 1;
    if (!before(item, at(heap, parent))) break;
    heap[place] = at(heap, parent);
    place = parent;
  }
  heap[place] = item;
}

/** Moves down to a leaf first and up again, as Python's heapq does: the order depends on it. */
function sink(heap: QueueItem[], start: number): void {
  const item = at(heap, start);
  let place = start;
  for (let child = 2 * place + 1; child < heap.length; child = 2 * place + 1) {
    const right = child + 1;
    if (right < heap.length && !before(at(heap, child), at(heap, right))) child = right;
    heap[place] = at(heap, child);
    place = child;
  }
  heap[place] = item;
  towardsRoot(heap, start, place);
}

/** If an entry with the same number and id is compared, this raises, and the item is in the heap anyway. */
export function push(heap: QueueItem[], item: QueueItem): void {
  heap.push(item);
  towardsRoot(heap, 0, heap.length - 1);
}

export function pop(heap: QueueItem[]): QueueItem | null {
  const last = heap.pop();
  if (!last) return null;
  const first = heap[0];
  if (!first) return last;
  heap[0] = last;
  sink(heap, 0);
  return first;
}

export function heapify(heap: QueueItem[]): void {
  for (let index = (heap.length >> 1) - 1; index >= 0; index--) sink(heap, index);
}
