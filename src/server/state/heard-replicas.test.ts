import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createHeardReplicas } from './heard-replicas.ts';

type Step =
  | { readonly type: 'open'; readonly replica: number }
  | { readonly type: 'speak'; readonly replica: number }
  | { readonly type: 'close'; readonly index: number };

const steps = fc.array(
  fc.oneof(
    fc.record({ type: fc.constant('open' as const), replica: fc.nat({ max: 4 }) }),
    fc.record({ type: fc.constant('speak' as const), replica: fc.nat({ max: 4 }) }),
    fc.record({ type: fc.constant('close' as const), index: fc.nat({ max: 20 }) }),
  ),
  { maxLength: 60 },
);

/** As ComfyUI does: of two connections with one client id only the newer is spoken to, and when the older closes neither is. */
function play(all: readonly Step[]) {
  const heard = createHeardReplicas();
  const open: { replica: number }[] = [];
  const registered = new Map<number, object>();
  const spoke = new Map<number, object>();
  for (const step of all) {
    if (step.type === 'open') {
      const connection = { replica: step.replica };
      open.push(connection);
      registered.set(step.replica, connection);
      heard.opened('e', connection);
      spoke.clear();
    } else if (step.type === 'speak') {
      const connection = registered.get(step.replica);
      if (!connection) continue;
      spoke.set(step.replica, connection);
      heard.heard('e', connection, null);
    } else {
      const [closed] = open.splice(step.index, 1);
      if (!closed) continue;
      heard.closed('e', closed);
      if (spoke.get(closed.replica) === closed) spoke.delete(closed.replica);
      registered.delete(closed.replica);
    }
  }
  return { heard, open, spoke };
}

test('as many replicas are heard as have spoken since the last connection was opened, and never one twice', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const { heard, open, spoke } = play(all);
      const { connections, replicas } = heard.of('e');
      expect(connections).toBe(open.length);
      expect(replicas).toBeLessThanOrEqual(new Set(open.map(({ replica }) => replica)).size);
      expect(replicas).toBe(spoke.size);
    }),
  );
});

test('a run that is heard over another connection than before shows that both reach one replica', () => {
  const heard = createHeardReplicas();
  const [older, newer] = [{}, {}];
  heard.opened('e', older);
  heard.opened('e', newer);
  // On its way when the newer one was opened.
  heard.heard('e', older, null);
  heard.heard('e', newer, older);
  expect(heard.of('e')).toEqual({ connections: 2, replicas: 1 });
  heard.closed('e', older);
  heard.closed('e', newer);
  expect(heard.of('e')).toEqual({ connections: 0, replicas: 0 });
});
