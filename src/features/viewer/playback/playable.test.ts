import { expect, test } from 'vitest';
import { isPlayable } from './playable.ts';

/** Chromium's answers with H.264. */
const chromium = (type: string): string =>
  ({
    'video/mp4': 'maybe',
    'video/webm': 'maybe',
    'video/mp4; codecs="avc1.64001f"': 'probably',
    'video/webm; codecs="vp09.00.10.08"': 'probably',
    'audio/flac': 'probably',
  })[type] ?? '';

test.each([
  ['video/mp4', 'avc1.64001f', true],
  ['video/quicktime', 'avc1.64001f', true],
  ['video/quicktime', 'apch', false],
  ['video/x-matroska', 'vp09.00.10.08', true],
  ['video/mp4', 'hvc1.1.6.L93.B0', false],
  ['video/mp4', null, true],
  ['video/x-msvideo', null, false],
  ['audio/flac', null, true],
])('%s with %s: %s', (mime, codecs, playable) => expect(isPlayable({ mime, codecs }, chromium)).toBe(playable));
