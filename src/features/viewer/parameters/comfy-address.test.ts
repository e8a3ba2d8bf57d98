import { expect, test } from 'vitest';
import { comfyuiOf } from '../../session/use-comfyui.ts';
import { comfyAddress } from './comfy-address.ts';

test.each([
  ['/comfy/{user}/', 'Ada', 'https://class.example/comfy/Ada/?comfyume-result=r1'],
  ['/comfy/{user}/', 'Zoë & Co/2', 'https://class.example/comfy/Zo%C3%AB%20%26%20Co%2F2/?comfyume-result=r1'],
  ['https://{user}.comfy.example/?lang=en', 'ada', 'https://ada.comfy.example/?lang=en&comfyume-result=r1'],
])('%s of %s', (pattern, user, expected) =>
  expect(comfyAddress(comfyuiOf(pattern, user), { result: 'r1' }, 'https://class.example/?result=r1')).toBe(expected),
);

test('a workflow of the class', () =>
  expect(comfyAddress('/comfy/Ada/', { workflow: 'w1' }, 'https://class.example/')).toBe(
    'https://class.example/comfy/Ada/?comfyume-workflow=w1',
  ));
