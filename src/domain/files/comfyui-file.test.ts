import { expect, test } from 'vitest';
import { comfyuiFileOf } from './comfyui-file.ts';

test.each([
  ['shot_00001_.png', false, { filename: 'shot_00001_.png', subfolder: '', type: 'output' }],
  ['a/b/shot_00001_.png', false, { filename: 'shot_00001_.png', subfolder: 'a/b', type: 'output' }],
  ['.previews/preview_00001_.png', true, { filename: 'preview_00001_.png', subfolder: '', type: 'temp' }],
  ['.previews/a/preview_00001_.png', true, { filename: 'preview_00001_.png', subfolder: 'a', type: 'temp' }],
] as const)('%s', (path, isPreview, file) => expect(comfyuiFileOf(path, isPreview)).toEqual(file));
