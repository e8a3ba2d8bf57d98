import { u32le } from '../reading/bytes.ts';
import { broken, type FormatRule, growing, sized } from '../reading/verdict.ts';
import type { Window } from '../reading/window.ts';

export function* glbRule(file: Window): FormatRule {
  const head = yield* file.at(0, 12);
  if (head.length < 12) return growing('the GLB header is not complete');
  const length = u32le(head, 8);
  if (length === 0) return growing('the GLB header has no length yet');
  if (length < 20) return broken('the GLB header gives a length that holds no model');
  return sized(file, length, { kind: 'model', mime: 'model/gltf-binary' });
}
