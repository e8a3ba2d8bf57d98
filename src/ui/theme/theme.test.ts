import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { THEMES, themeScript, toTheme } from './theme.ts';

test.each(THEMES)('%s is itself', (theme) => {
  expect(toTheme(theme)).toBe(theme);
});

test.each(['', 'Dark', 'sepia'])('what is no theme (%j) is dark', (text) => {
  expect(toTheme(text)).toBe('dark');
});

/** Loads a page over this storage; `another` is a change that another tab makes. */
function load(getItem: (key: string) => string | null) {
  const dataset: { theme?: string } = {};
  const listeners = new Map<string, () => void>();
  const addEventListener = (type: string, listener: () => void) => listeners.set(type, listener);
  runInNewContext(themeScript, {
    document: { documentElement: { dataset } },
    localStorage: { getItem },
    addEventListener,
  });
  return { theme: () => dataset.theme, another: () => listeners.get('storage')?.() };
}

test('the page begins with the theme that was kept, and follows other tabs', () => {
  let kept = 'light';
  const page = load((key) => (key === 'comfyume.theme' ? kept : null));
  expect(page.theme()).toBe('light');
  kept = 'system';
  page.another();
  expect(page.theme()).toBe('system');
});

test('nothing kept, or a browser that keeps nothing: dark', () => {
  expect(load(() => null).theme()).toBe('dark');
  const refuse = () => {
    throw new Error('no storage here');
  };
  expect(load(refuse).theme()).toBe('dark');
});
