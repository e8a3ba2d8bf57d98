import { expect, test } from 'vitest';
import { AppError, appErrorIn, ERROR_CODES } from './errors.ts';

test('no code is named twice', () => expect(new Set(ERROR_CODES).size).toBe(ERROR_CODES.length));

test('an error carries its code, its sentence and what came with it', () => {
  const cause = new TypeError('socket closed');
  const nodeErrors = { '3': { class_type: 'KSampler', dependent_outputs: ['9'], errors: [] } };
  const error = new AppError('too_many_jobs', 'Wait a little.', { cause, nodeErrors, retryAfterSeconds: 20 });
  expect(error).toBeInstanceOf(Error);
  expect({ ...error, message: error.message, cause: error.cause }).toEqual({
    name: 'AppError',
    code: 'too_many_jobs',
    message: 'Wait a little.',
    cause,
    nodeErrors,
    retryAfterSeconds: 20,
  });
});

test('an error without more has no more', () => {
  const { cause, nodeErrors, retryAfterSeconds } = new AppError('not_found', 'Job not found.');
  expect([cause, nodeErrors, retryAfterSeconds]).toEqual([undefined, undefined, undefined]);
});

test('what is for a person is found in whatever it was wrapped', () => {
  const inner = new AppError('storage_full', 'There is no room.', { cause: new AppError('internal', 'deeper') });
  expect(appErrorIn(inner)).toBe(inner);
  expect(appErrorIn(new TypeError('a', { cause: new Error('b', { cause: inner }) }))).toBe(inner);
  for (const none of [new Error('a', { cause: 'b' }), new Error('a'), 'a', null, undefined, { cause: inner }])
    expect(appErrorIn(none)).toBeNull();
});
