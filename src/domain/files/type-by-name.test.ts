import { expect, test } from 'vitest';
import { typeByName } from './type-by-name.ts';

test.each([
  ['shot_00001_.png', 'image', 'image/png'],
  ['a.b/FILM.MP4', 'video', 'video/mp4'],
  ['voice.flac', 'audio', 'audio/flac'],
  ['scene.glb', 'model', 'model/gltf-binary'],
  ['notes.txt', 'other', 'text/plain'],
  ['page.svg', 'other', 'application/octet-stream'],
  ['constructor', 'other', 'application/octet-stream'],
  ['x.constructor', 'other', 'application/octet-stream'],
])('%s', (name, kind, mime) => {
  expect(typeByName(name)).toEqual({ kind, mime });
});
