import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { createHosts } from './hosts.ts';

const asks = (host: string): IncomingMessage => Object.assign(new IncomingMessage(new Socket()), { headers: { host } });
const known = (config: Partial<Parameters<typeof createHosts>[0]>, host: string): boolean =>
  createHosts(
    { publicUrl: null, allowedOrigins: [], comfyuiOrigin: null, host: '0.0.0.0', ...config },
    'Teacher-Laptop',
  ).isKnown(asks(host));

test.each(['localhost', 'localhost:3000', '127.0.0.1:3000', '127.1.2.3', '[::1]:3000'])(
  '%s is this machine',
  (host) => {
    expect(known({ publicUrl: 'https://class.test' }, host)).toBe(true);
    expect(known({}, host)).toBe(true);
  },
);

test.each([
  ['class.test', true],
  ['CLASS.test:8443', true],
  ['comfy.test:8188', true],
  ['evil.test', false],
  ['class.test.evil.test', false],
  ['localhost.evil.test', false],
  ['127.0.0.1.evil.test', false],
  ['192.168.1.5:3000', false],
  ['', false],
  ['class.test@evil.test', false],
])('with PUBLIC_URL and ALLOWED_ORIGINS, %j is ours: %s', (host, is) =>
  expect(known({ publicUrl: 'https://class.test', allowedOrigins: ['http://comfy.test:8188'] }, host)).toBe(is),
);

test('the ComfyUI tabs’ name is ours', () => {
  const config = { publicUrl: 'https://class.test', comfyuiOrigin: 'https://tabs.test' };
  expect(['tabs.test', 'other.tabs.test'].map((host) => known(config, host))).toEqual([true, false]);
});

test.each([
  ['192.168.1.5:3000', true],
  ['[fd00::5]:3000', true],
  ['teacher-laptop:3000', true],
  ['teacher-laptop.local:3000', true],
  ['evil.test:3000', false],
])('in a class room without either, %j is ours: %s', (host, is) => expect(known({}, host)).toBe(is));
