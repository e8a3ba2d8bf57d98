import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { landingPath, loginPath, nextPath } from './next-path.ts';

describe('nextPath', () => {
  test.each([
    [null, '/'],
    ['', '/'],
    ['/', '/'],
    ['/account', '/account'],
    ['/?result=ab12', '/?result=ab12'],
    ['/admin?tab=queue#top', '/admin?tab=queue#top'],
    ['//elsewhere.example/x', '/'],
    ['/\\elsewhere.example', '/'],
    ['https://elsewhere.example', '/'],
    ['javascript:alert(1)', '/'],
    ['account', '/'],
    ['/login?next=/login', '/'],
    ['/\t/elsewhere.example', '/'],
    ['/..//elsewhere.example', '/'],
    ['/.//elsewhere.example', '/'],
    ['/a/..//elsewhere.example', '/'],
    ['/..\\/elsewhere.example', '/'],
    ['/%2e%2e//elsewhere.example', '/'],
    ['/..///elsewhere.example', '/'],
  ])('%j leads to %s', (wanted, path) => {
    expect(nextPath(wanted)).toBe(path);
  });

  test('never leaves this site', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.webUrl(),
          fc.string().map((s) => `/${s}`),
          fc.array(fc.constantFrom('/', '\\', '.', '..', '%2e', '\t', '@', ':', 'a.test')).map((s) => `/${s.join('')}`),
        ),
        (wanted) => {
          expect(new URL(nextPath(wanted), 'http://us.test').origin).toBe('http://us.test');
        },
      ),
    );
  });

  test.each([
    [null, 'operator', '/admin'],
    ['/', 'operator', '/admin'],
    ['//elsewhere.example', 'operator', '/admin'],
    ['/wall', 'operator', '/wall'],
    ['/?result=ab12', 'operator', '/?result=ab12'],
    [null, 'participant', '/'],
    ['/account', 'participant', '/account'],
  ] as const)('asked for %j, an %s lands on %s', (wanted, role, path) => {
    expect(landingPath(wanted, role)).toBe(path);
  });

  test('survives the way through the login page', () => {
    const path = loginPath('/?result=a b&x=1');
    expect(nextPath(new URL(path, 'http://us.test').searchParams.get('next'))).toBe('/?result=a%20b&x=1');
    expect(loginPath('/')).toBe('/login');
  });
});
