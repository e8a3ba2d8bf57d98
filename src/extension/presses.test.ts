import { afterEach, expect, test, vi } from 'vitest';
import { watchPresses } from './presses.ts';

afterEach(() => void vi.unstubAllGlobals());

test.each(['pointerdown', 'keydown'])('one press is one: %s', (type) => {
  const page = new EventTarget();
  vi.stubGlobal('window', page);
  const isPressed = watchPresses();
  expect(isPressed()).toBe(false);
  page.dispatchEvent(new Event(type));
  expect([isPressed(), isPressed()]).toEqual([true, false]);
});
