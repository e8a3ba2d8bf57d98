import { expect, test } from 'vitest';
import type { Signal } from '#src/ports/events.ts';
import { createBus } from './bus.ts';

const signal: Signal = { type: 'settings.changed' };

test('every listener receives everything, in order, until it stops', () => {
  const bus = createBus((error) => {
    throw error;
  });
  const message: string[] = [];
  const stop = bus.listen(({ type }) => message.push(`one ${type}`));
  bus.listen(({ type }) => message.push(`two ${type}`));
  bus.announce(signal);
  stop();
  stop();
  bus.announce(signal);
  expect(message).toEqual(['one settings.changed', 'two settings.changed', 'two settings.changed']);
});

test('a listener that fails keeps nobody from hearing', () => {
  const faults: unknown[] = [];
  const bus = createBus((error) => faults.push(error));
  const message: Signal[] = [];
  const fault = new Error('no');
  bus.listen(() => {
    throw fault;
  });
  bus.listen((one) => message.push(one));
  bus.announce(signal);
  expect([faults, message]).toEqual([[fault], [signal]]);
});

test('listening and stopping while something is announced', () => {
  const bus = createBus((error) => {
    throw error;
  });
  const message: string[] = [];
  const stop = bus.listen(() => {
    message.push('once');
    stop();
  });
  bus.announce(signal);
  bus.announce(signal);
  expect(message).toEqual(['once']);
});
