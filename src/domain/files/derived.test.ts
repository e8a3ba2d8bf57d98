import { expect, test } from 'vitest';
import type { ResultKind } from '../file-facts.ts';
import { canHave, DERIVED } from './derived.ts';

test.each<[kind: ResultKind, mime: string, duration: number | null, has: string]>([
  ['image', 'image/png', null, 'thumbnail clean'],
  ['image', 'image/svg+xml', null, 'clean'],
  ['image', 'image/x-exr', null, 'thumbnail'],
  ['video', 'video/mp4', 2, 'thumbnail storyboard proxy clean'],
  ['video', 'video/quicktime', null, 'thumbnail proxy clean'],
  ['video', 'video/unheard-of', 2, 'thumbnail'],
  ['audio', 'audio/flac', 1, 'waveform clean'],
  ['model', 'model/gltf-binary', null, 'clean'],
  ['other', 'application/octet-stream', null, ''],
])('%s %s of %j s', (kind, mime, duration, has) =>
  expect(DERIVED.filter((what) => canHave(what, { kind, mime, duration })).join(' ')).toBe(has),
);
