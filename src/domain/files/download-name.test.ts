import { expect, test } from 'vitest';
import { downloadName } from './download-name.ts';

test.each([
  [['Portrait', '42'], 'Portrait 42.json'],
  [['Portrait', null], 'Portrait.json'],
  [['Füße 雨 🌧', '1'], 'Füße 雨 🌧 1.json'],
  [['../../etc/passwd', null], 'etc passwd.json'],
  [['a\r\nset-cookie: x', '7'], 'a set-cookie x 7.json'],
  [['  . ', null], 'workflow.json'],
  [['x'.repeat(500), null], `${'x'.repeat(120)}.json`],
  [['\u202Egpj', '1'], 'gpj 1.json'],
])('%j is kept as %s', (words, name) => expect(downloadName(words, 'json')).toBe(name));
