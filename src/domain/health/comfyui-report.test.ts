import { expect, test } from 'vitest';
import { type ComfyuiPlace, comfyuiReport } from './comfyui-report.ts';

const NEXT_PORT: ComfyuiPlace = { isHttps: false, origin: null, port: 3001, containers: null };

test.each<[string, Partial<ComfyuiPlace>, string, string]>([
  ['at the next port', {}, 'ok', 'at port 3001'],
  ['with https, without a host of its own', { isHttps: true }, 'warn', 'needs a host of its own'],
  ['after the last port', { port: null }, 'warn', 'no port after PORT'],
  [
    'at a host of its own',
    { isHttps: true, origin: 'https://comfyui.class.example', port: null },
    'ok',
    'comfyui.class',
  ],
  ['in containers', { isHttps: true, containers: '/comfy/' }, 'ok', '/comfy/'],
])('%s', (_, place, level, says) => {
  expect(comfyuiReport({ ...NEXT_PORT, ...place })).toMatchObject({ level, sentence: expect.stringContaining(says) });
});
