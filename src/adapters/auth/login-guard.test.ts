import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { AppError } from '#src/domain/errors.ts';
import { createLoginGuard } from './login-guard.ts';
import { networkOf } from './network.ts';

const at = (address: string, device: string | null = null) => ({ address, device });

describe('the guard of the door', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  type Guard = ReturnType<typeof createLoginGuard>;
  const passed = async (
    guard: Guard,
    who: (n: number) => Parameters<Guard['enter']>,
    count: number,
  ): Promise<number> => {
    const all = await Promise.all(
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
    return all.filter(Boolean).length;
  };
  const anna = (): Parameters<Guard['enter']> => ['Anna', at('10.0.0.1')];

  test('one name from one address: eight tries, then waits that grow to fifteen minutes', async () => {
    const guard = createLoginGuard();
    for (const seconds of [60, 120, 240, 480, 900, 900]) {
      expect(await passed(guard, anna, 8)).toBe(8);
      await expect(guard.enter(...anna())).rejects.toMatchObject({
        code: 'too_many_attempts',
        retryAfterSeconds: seconds,
      });
      vi.advanceTimersByTime(seconds * 1000 - 500);
      await expect(guard.enter('ANNA', at('10.0.0.1'))).rejects.toMatchObject({
        retryAfterSeconds: 1,
        message: 'Too many attempts. Try again in 1 second.',
      });
      vi.advanceTimersByTime(500);
    }
  });

  test('fifty at once count like fifty one by one', async () => {
    expect(await passed(createLoginGuard(), anna, 50)).toBe(8);
  });

  test('neither a name that is guessed at from elsewhere nor an address with wrong names is shut', async () => {
    const guard = createLoginGuard();
    expect(await passed(guard, (n) => ['Anna', at(`10.0.1.${n}`)], 100)).toBe(100);
    expect(await passed(guard, (n) => [`name ${n}`, at('10.0.0.1')], 300)).toBe(300);
    await guard.enter(...anna());
  });

  test('a browser that signed in before has its own count, for its own name only', async () => {
    const guard = createLoginGuard();
    await guard.enter(...anna());
    const device = await guard.succeeded(...anna());
    expect(await passed(guard, anna, 20)).toBe(8);
    expect(await passed(guard, () => ['anna', at('10.0.0.1', device)], 20)).toBe(8);
    expect(await passed(guard, (n) => ['Anna', at('10.0.0.1', `${n}${device}`)], 20)).toBe(0);
    expect(await passed(guard, () => ['Ben', at('10.0.0.1', device)], 20)).toBe(8);
    expect(await passed(createLoginGuard(), () => ['Anna', at('10.0.0.9', device)], 20)).toBe(8);
  });

  test('after a try that was right, none counts any more', async () => {
    const guard = createLoginGuard();
    for (let n = 0; n < 500; n += 1) {
      await guard.enter(`name ${n % 20}`, at('10.0.0.1'));
      await guard.succeeded(`name ${n % 20}`, at('10.0.0.1'));
    }
    expect(await passed(guard, () => ['name 1', at('10.0.0.1')], 20)).toBe(8);
  });
});

test.each([
  ['10.0.0.1', '10.0.0.1'],
  ['::ffff:10.0.0.1', '10.0.0.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:0DB8:0001:0002::6', '2001:db8:1:2'],
  ['2001:db8::1', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
  ['unknown', 'unknown'],
])('%s is of the network %s', (address, network) => expect(networkOf(address)).toBe(network));
