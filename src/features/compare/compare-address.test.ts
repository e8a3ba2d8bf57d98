import { expect, test } from 'vitest';
import { compareAddress, comparedIn } from './compare-address.ts';

test.each([
  ['compare=a,b', ['a', 'b']],
  ['compare=a,b,c,d,e', ['a', 'b', 'c', 'd']],
  ['compare=a,a,b', ['a', 'b']],
  ['compare=,a,,b,', ['a', 'b']],
  ['compare=a', null],
  ['compare=a,a', null],
  ['compare=', null],
  ['', null],
])('%s', (address, ids) => expect(comparedIn(new URLSearchParams(address))).toEqual(ids));

test('an address is read as it was written', () => {
  const ids = ['one', 'two/2', 'three'];
  expect(comparedIn(new URL(compareAddress(ids), 'http://localhost').searchParams)).toEqual(ids);
});

test('what else stands in the address stays, but for an open result', () => {
  const params = new URLSearchParams('kind=video&result=r1&compare=x,y');
  expect(compareAddress(['a', 'b'], params)).toBe('/?kind=video&compare=a,b');
  expect(compareAddress([], params)).toBe('/?kind=video');
  expect(compareAddress([])).toBe('/');
});
