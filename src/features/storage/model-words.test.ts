import { expect, test } from 'vitest';
import { missingWords, nearWords } from './model-words.ts';

test('a missing model is named with its folder, and with similar names', () => {
  const name = 'flux2-klein.safetensors';
  expect(missingWords({ name, folders: ['diffusion_models', 'unet'] })).toBe(`Missing: ${name} in diffusion_models`);
  expect(missingWords({ name, folders: null })).toBe(`Missing: ${name}, in any folder`);
  expect(nearWords([{ folder: 'loras', name, bytes: 1 }])).toBe(`Did you mean: loras/${name}`);
  expect(nearWords([])).toBeNull();
});
