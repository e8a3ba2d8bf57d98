import { expect, test } from 'vitest';
import { createHandedWorkflows } from './handed-workflows.ts';

function open() {
  const time = { now: 0 };
  let made = 0;
  const random = { id: () => `h${++made}` };
  const handed = createHandedWorkflows({ clock: { now: () => time.now }, random });
  return {
    time,
    handed,
    names: (who: string) => [1, 2, 3, 4, 5, 6, 7, 8].flatMap((n) => handed.find(who, `h${n}`)?.name ?? []),
  };
}

test('it is its owner’s, for ten minutes', () => {
  const { time, handed } = open();
  const id = handed.give('anna', { name: 'a', workflow: '{}' });
  expect(handed.find('anna', id)).toMatchObject({ id, name: 'a', workflow: '{}' });
  expect(handed.find('ben', id)).toBeNull();
  time.now = 10 * 60_000;
  expect(handed.find('anna', id)).toBeNull();
});

test('of one person the newest three, of all what there is room for', () => {
  const { handed, names } = open();
  for (const name of ['a', 'b', 'c', 'd']) handed.give('anna', { name, workflow: '{}' });
  expect(names('anna')).toEqual(['b', 'c', 'd']);
  handed.give('ben', { name: 'large', workflow: 'x'.repeat(48 * 1024 * 1024 - 4) });
  expect([names('anna'), names('ben')]).toEqual([['c', 'd'], ['large']]);
});
