import { expect, test } from 'vitest';
import type { Signal } from '#src/ports/events.ts';
import { createBus } from './bus.ts';

const signal: Signal = { type: 'settings.changed' };

test('everybody who listens hears everything, in order, until she stops', () => {
  const bus = createBus((error) => {
    throw error;
  });
  const heard: string[] = [];
  const stop = bus.listen(({ type }) => heard.push(`one ${type}`));
  bus.listen(({ type }) => heard.push(`two ${type}`));
  bus.announce(signal);
  stop();
  stop();
  bus.announce(signal);
  expect(heard).toEqual(['one settings.changed', 'two settings.changed', 'two settings.changed']);
});

test('a listener that fails keeps nobody from hearing', () => {
  const faults: unknown[] = [];
  const bus = createBus((error) => faults.push(error));
  const heard: Signal[] = [];
  const fault = new Error('no');
  bus.listen(() => {
    throw fault;
  });
  bus.listen((one) => heard.push(one));
  bus.announce(signal);
  expect([faults, heard]).toEqual([[fault], [signal]]);
});

test('listening and stopping while something is announced', () => {
  const bus = createBus((error) => {
    throw error;
  });
  const heard: string[] = [];
  const stop = bus.listen(() => {
    heard.push('once');
    stop();
  });
  bus.announce(signal);
  bus.announce(signal);
  expect(heard).toEqual(['once']);
});
