import { expect, test } from 'vitest';
import { Transport } from '../viewer/playback/transport.ts';
import { transportKeys } from '../viewer/playback/use-transport.ts';
import { SHORTCUTS } from './shortcuts.ts';

const shown = (key: string): string =>
  key === ' '
    ? 'Space'
    : key
        .split('+')
        .map((part) => part.slice(0, 1).toUpperCase() + part.slice(1))
        .join(' ');

test('the keys of the player are listed, and no others', () => {
  const player = SHORTCUTS.find(({ name }) => name === 'Films and sounds');
  const listed = (player?.keys ?? []).flatMap(([keys]) => (keys[0] === 'Shift' ? [keys.join(' ')] : [...keys]));
  expect(listed.sort()).toEqual(Object.keys(transportKeys(new Transport(), 24)).map(shown).sort());
});

test('what a key does is said once in each place', () => {
  for (const { name, keys } of SHORTCUTS) expect(new Set(keys.map(([, does]) => does)).size, name).toBe(keys.length);
});
