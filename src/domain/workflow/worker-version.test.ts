import { expect, test } from 'vitest';
import { isSince } from './worker-version.ts';

test.each([
  ['0.33.0', '0.33', true],
  ['0.33', '0.33', true],
  ['v0.33.1', '0.33', true],
  ['1.0.0', '0.33', true],
  ['0.33.0-rc1', '0.33', true],
  ['0.32.9', '0.33', false],
  ['0.3.64', '0.3.64', true],
  ['0.3.64', '0.19.3', false],
  ['0.19.2', '0.19.3', false],
  ['0.19.10', '0.19.3', true],
  ['0.3', '0.3.64', false],
  ['unknown', '0.33', false],
  ['', '0.33', false],
  [null, '0.33', false],
])('%j is %s or newer: %s', (version, since, answer) => expect(isSince(version, since)).toBe(answer));
