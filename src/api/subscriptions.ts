import { TRPCError } from '@trpc/server';
import { AppError } from '#src/domain/errors.ts';
import { SOCKET } from '#src/domain/request-bounds.ts';

/** What `open` gives, as long as this connection has not too many of them. */
export async function* amongFew<T>(subscriptions: { open: number }, open: () => AsyncGenerator<T>): AsyncGenerator<T> {
  if (subscriptions.open >= SOCKET.subscriptions)
    throw new TRPCError({
      code: 'TOO_MANY_REQUESTS',
      cause: new AppError(
        'too_many_attempts',
        `One connection can have ${SOCKET.subscriptions} subscriptions. End some of them first.`,
      ),
    });
  subscriptions.open += 1;
  try {
    yield* open();
  } finally {
    subscriptions.open -= 1;
  }
}
