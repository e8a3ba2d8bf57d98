import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { AppError } from '#src/domain/errors.ts';
import { createLoginGuard } from './login-guard.ts';

describe('the guard of the door', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const tries = async (
    guard: ReturnType<typeof createLoginGuard>,
    who: (n: number) => readonly [name: string, address: string],
    count: number,
  ): Promise<boolean[]> =>
    Promise.all(
      Array.from({ length: count }, (_, n) =>
        guard.enter(...who(n)).then(
          () => true,
          (error: unknown) => {
            if (error instanceof AppError && error.code === 'too_many_attempts') return false;
            throw error;
          },
        ),
      ),
    );
  const passed = async (...args: Parameters<typeof tries>): Promise<number> =>
    (await tries(...args)).filter(Boolean).length;

  test('one name from one address: eight tries, then it says how long to wait', async () => {
    const guard = createLoginGuard();
    for (let n = 0; n < 8; n += 1) await guard.enter('Anna', '10.0.0.1');
    vi.advanceTimersByTime(5 * 60_000);
    await expect(guard.enter('Anna', '10.0.0.1')).rejects.toMatchObject({
      code: 'too_many_attempts',
      retryAfterSeconds: 600,
      message: 'Too many attempts. Try again in 10 minutes.',
    });
    await expect(guard.enter('ANNA', '10.0.0.1')).rejects.toMatchObject({ code: 'too_many_attempts' });
    await guard.enter('Anna', '10.0.0.2');
    await guard.enter('Ben', '10.0.0.1');
    vi.advanceTimersByTime(599_000);
    await expect(guard.enter('Anna', '10.0.0.1')).rejects.toMatchObject({
      retryAfterSeconds: 1,
      message: 'Too many attempts. Try again in 1 second.',
    });
    vi.advanceTimersByTime(1000);
    await guard.enter('Anna', '10.0.0.1');
  });

  test('fifty at once count like fifty one by one', async () => {
    expect(await passed(createLoginGuard(), () => ['Anna', '10.0.0.1'], 50)).toBe(8);
  });

  test('one name from many addresses, and many names from one', async () => {
    expect(await passed(createLoginGuard(), (n) => ['Anna', `10.0.0.${n}`], 100)).toBe(40);
    expect(await passed(createLoginGuard(), (n) => [`name ${n}`, '10.0.0.1'], 300)).toBe(200);
  });

  test('tries that were right do not count: a whole class may come in from one address', async () => {
    const guard = createLoginGuard();
    for (let n = 0; n < 500; n += 1) {
      await guard.enter(`name ${n % 20}`, '10.0.0.1');
      await guard.succeeded(`name ${n % 20}`, '10.0.0.1');
    }
    expect(await passed(guard, () => ['name 1', '10.0.0.1'], 20)).toBe(8);
  });
});
