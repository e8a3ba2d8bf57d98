import { expect, test } from 'vitest';
import { createSealer } from './sealer.ts';

test('what is sealed is read again by the same process, for the same thing, and by nobody else', () => {
  const [sealer, afterRestart] = [createSealer(), createSealer()];
  const sealed = sealer.seal('a key with ü', 'job-1');
  expect(sealer.open(sealed, 'job-1')).toBe('a key with ü');
  expect(sealer.open(sealed, 'job-2')).toBeNull();
  expect(afterRestart.open(sealed, 'job-1')).toBeNull();
  expect(sealer.seal('a key with ü', 'job-1')).not.toBe(sealed);
  expect(sealer.open(sealer.seal('', ''), '')).toBe('');
});

test('what is cut, changed or no seal at all is not read', () => {
  const sealer = createSealer();
  const sealed = sealer.seal('secret', 'job');
  const bytes = Buffer.from(sealed, 'base64url');
  for (let at = 0; at < bytes.length; at += 1) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(sealer.open(changed.toString('base64url'), 'job')).toBeNull();
    expect(sealer.open(bytes.subarray(0, at).toString('base64url'), 'job')).toBeNull();
  }
  expect(sealer.open('', 'job')).toBeNull();
});
