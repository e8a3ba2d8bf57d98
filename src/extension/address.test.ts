import { expect, test } from 'vitest';
import { isServedByClass, serverAddress } from './address.ts';

const PAGE = 'https://comfyui.class.example/comfy/ada/';

test.each([
  ['as set', 'https://class.example/', `${PAGE}extensions/comfyume/comfyume.js`, 'https://class.example'],
  ['where the script is from', '', 'https://class.example/extension/comfyume.js', 'https://class.example'],
  ['the site of the page', '', `${PAGE}extensions/comfyume/comfyume.js`, 'https://comfyui.class.example'],
  [
    'no address at all',
    'javascript:alert(1)',
    `${PAGE}extensions/comfyume/comfyume.js`,
    'https://comfyui.class.example',
  ],
])('the class server: %s', (_, set, script, address) => expect(serverAddress(set, script, PAGE)).toBe(address));

test.each([
  ['https://comfyui.class.example/extensions/comfyume/comfyume.js?class', true],
  ['https://comfyui.class.example/comfy/ada/extensions/comfyume/comfyume.js', false],
  ['https://class.example/extension/comfyume.js', false],
])('the page comes from the class server: %s %s', (script, isServed) => expect(isServedByClass(script)).toBe(isServed));
