import { expect, test } from 'vitest';
import { isWithin, SCOPES, scopeNeeded } from './token-scope.ts';

test('what a procedure needs, and which tokens have it', () => {
  const allowed = (...call: Parameters<typeof scopeNeeded>) =>
    SCOPES.filter((scope) => isWithin(scope, scopeNeeded(...call)));
  expect(allowed('query', 'results.list')).toEqual(['read', 'submit', 'all']);
  expect(allowed('subscription', 'jobs.onEvent')).toEqual(['read', 'submit', 'all']);
  expect(allowed('mutation', 'jobs.submit')).toEqual(['submit', 'all']);
  expect(allowed('mutation', 'results.remove')).toEqual(['all']);
  expect(isWithin(null, 'all')).toBe(true);
});
