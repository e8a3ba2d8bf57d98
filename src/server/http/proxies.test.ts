import { IncomingMessage } from 'node:http';
import { isIP, Socket } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createProxies, isHere } from './proxies.ts';

function requestOf(peer: string | undefined, forwarded?: string, proto?: string): IncomingMessage {
  const socket = Object.defineProperty(new Socket(), 'remoteAddress', { value: peer });
  const request = new IncomingMessage(socket);
  if (forwarded !== undefined) request.headers['x-forwarded-for'] = forwarded;
  if (proto !== undefined) request.headers['x-forwarded-proto'] = proto;
  return request;
}

const TRUSTED = ['127.0.0.0/8', '::1', '10.0.0.5', '172.16.0.0/12', 'fd00::/8', '2001:DB8:0::7'];
const proxies = createProxies(TRUSTED);
const addressOf = (peer: string | undefined, forwarded?: string): string =>
  proxies.addressOf(requestOf(peer, forwarded));

describe('whom a request comes from', () => {
  test.each<[peer: string | undefined, forwarded: string | undefined, address: string]>([
    ['203.0.113.7', undefined, '203.0.113.7'],
    ['127.0.0.1', undefined, '127.0.0.1'],
    ['::ffff:203.0.113.7', undefined, '203.0.113.7'],
    [undefined, '203.0.113.7', 'unknown'],
    ['fe80::1%eth0', '203.0.113.7', 'fe80::1%eth0'],
    // Somebody who is no proxy of ours, whatever they say.
    ['203.0.113.7', '198.51.100.1', '203.0.113.7'],
    ['10.0.0.6', '198.51.100.1', '10.0.0.6'],
    ['2001:db8::8', '198.51.100.1', '2001:db8::8'],
    // A proxy of ours, however its address is written.
    ['127.0.0.1', '203.0.113.7', '203.0.113.7'],
    ['::1', '203.0.113.7', '203.0.113.7'],
    ['::ffff:127.0.0.1', '203.0.113.7', '203.0.113.7'],
    ['::ffff:10.0.0.5', '203.0.113.7', '203.0.113.7'],
    ['172.31.255.255', ' 203.0.113.7 ', '203.0.113.7'],
    ['172.32.0.0', '203.0.113.7', '172.32.0.0'],
    ['fdff::1', '2001:DB8:1:0:0:0:0:9', '2001:db8:1::9'],
    ['2001:db8::7', '::ffff:203.0.113.7', '203.0.113.7'],
    // Several of ours, behind what the client made up.
    ['127.0.0.1', '198.51.100.1, 203.0.113.7, 10.0.0.5', '203.0.113.7'],
    ['10.0.0.5', '127.0.0.1, 203.0.113.7', '203.0.113.7'],
    ['127.0.0.1', '172.16.0.9, fd00::1, 10.0.0.5', '172.16.0.9'],
    // What is no address is not believed, nor what stands before it.
    ['127.0.0.1', '', '127.0.0.1'],
    ['127.0.0.1', '203.0.113.7,', '127.0.0.1'],
    ['127.0.0.1', '203.0.113.7, unknown', '127.0.0.1'],
    ['127.0.0.1', '203.0.113.7, _hidden, 10.0.0.5', '10.0.0.5'],
    ['127.0.0.1', '203.0.113.7:4711', '127.0.0.1'],
    ['127.0.0.1', '[2001:db8::9]', '127.0.0.1'],
    ['127.0.0.1', '203.0.113', '127.0.0.1'],
    ['127.0.0.1', '0x7f.1', '127.0.0.1'],
    ['127.0.0.1', 'fe80::1%eth0', '127.0.0.1'],
    ['127.0.0.1', '203.0.113.7/24', '127.0.0.1'],
  ])('%s says “%s”: %s', (peer, forwarded, address) => expect(addressOf(peer, forwarded)).toBe(address));

  const client = fc
    .oneof(fc.ipV4(), fc.ipV6())
    .map((address) => addressOf(address))
    .filter((address) => !createProxies(TRUSTED).speakHttps(requestOf(address, undefined, 'https')));
  const own = fc.constantFrom('127.0.0.1', '127.8.9.1', '::1', '10.0.0.5', '172.20.1.1', 'fd12::3', '2001:db8::7');
  const written = (address: fc.Arbitrary<string>): fc.Arbitrary<string> =>
    fc
      .tuple(address, fc.constantFrom('', '::ffff:'))
      .map(([text, prefix]) => (isIP(text) === 4 ? prefix + text : text));
  const junk = fc.oneof(fc.string(), fc.ipV4(), fc.array(fc.oneof(fc.ipV4(), fc.ipV6(), own)).map(String));

  test('no client can say anything that counts, however many proxies of ours are between', () =>
    fc.assert(
      fc.property(client, fc.array(written(own), { maxLength: 4 }), written(own), junk, (from, between, peer, said) => {
        expect(addressOf(peer, [said, from, ...between].join(', '))).toBe(from);
      }),
    ));

  test('who is no proxy of ours is who they are', () =>
    fc.assert(
      fc.property(client, junk, (from, said) => {
        expect(addressOf(from, said)).toBe(from);
      }),
    ));

  test('it is always an address, and one that was named', () =>
    fc.assert(
      fc.property(written(own), fc.array(fc.oneof(junk, written(own))), (peer, said) => {
        expect(isIP(addressOf(peer, said.join(',')))).not.toBe(0);
      }),
    ));
});

test('who speaks https: only a proxy of ours says so, the nearest one', () => {
  const speaks = (peer: string, proto: string) => proxies.speakHttps(requestOf(peer, undefined, proto));
  expect(speaks('10.0.0.5', 'https')).toBe(true);
  expect(speaks('::ffff:10.0.0.5', 'http, https')).toBe(true);
  expect(speaks('10.0.0.5', 'https, http')).toBe(false);
  expect(speaks('10.0.0.5', 'httpsx')).toBe(false);
  expect(speaks('203.0.113.7', 'https')).toBe(false);
});

test.each<[peer: string, forwarded: string | undefined, here: boolean]>([
  ['127.0.0.1', undefined, true],
  ['::ffff:127.0.0.1', undefined, true],
  ['::1', '127.0.0.1', true],
  ['10.0.0.5', undefined, false],
  ['10.0.0.5', '127.0.0.1', false],
  ['127.0.0.1', '203.0.113.7', false],
  ['127.0.0.1', '127.0.0.1, 203.0.113.7', false],
  ['127.0.0.1', '203.0.113.7, 127.0.0.1', false],
  ['127.0.0.1', 'localhost', false],
  ['127.0.0.1', '', false],
])('a program on this machine: %s, for “%s”: %s', (peer, forwarded, here) =>
  expect(isHere(requestOf(peer, forwarded))).toBe(here),
);

test('the last one that was not believed is remembered, and nobody who said nothing', () => {
  const fresh = createProxies(['127.0.0.1']);
  const ask = (peer: string, forwarded?: string) => {
    fresh.addressOf(requestOf(peer, forwarded));
    return fresh.disbelieved();
  };
  expect(ask('10.0.0.9')).toBeNull();
  expect(ask('127.0.0.1', '203.0.113.7')).toBeNull();
  expect(ask('::ffff:10.0.0.9', '203.0.113.7')).toBe('10.0.0.9');
  expect(ask('127.0.0.1', '203.0.113.7')).toBe('10.0.0.9');
});
