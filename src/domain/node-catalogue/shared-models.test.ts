import { describe, expect, test } from 'vitest';
import type { ModelFile } from '../workflow/needed-models.ts';
import { TOLD } from './catalogue.testing.ts';
import { modelLists, sharedModels, withElsewhere } from './shared-models.ts';

const file = (folder: string, name: string): ModelFile => ({ folder, name, bytes: 1 });
const share = [
  file('checkpoints', 'a.safetensors'),
  file('checkpoints', 'deep/b.ckpt'),
  file('checkpoints', 'readme.md'),
  file('unet', 'u.safetensors'),
  file('diffusion_models', 'd.safetensors'),
  file('others', 'x.safetensors'),
];
const namesOf = (lists: ReturnType<typeof modelLists>, folder: string) => lists.get(folder)?.names;

describe('what lies on the share', () => {
  test('is in the folders whose paths have it, by the endings that workers take', () => {
    const lists = sharedModels(TOLD, share);
    expect(lists.get('checkpoints')?.map(({ name }) => name)).toEqual(['a.safetensors', 'deep/b.ckpt']);
    expect(lists.get('diffusion_models')?.map(({ name, pathIndex }) => [name, pathIndex])).toEqual([
      ['u.safetensors', 0],
      ['d.safetensors', 1],
    ]);
    expect([...lists.keys()]).toEqual(TOLD.map(({ name }) => name));
  });

  test('also in folders of folders, and under names of other systems', () => {
    const told = [
      { name: 'checkpoints', folders: ['C:\\ComfyUI\\models\\checkpoints'], extensions: [], files: [] },
      { name: 'ultralytics_bbox', folders: ['C:\\ComfyUI\\models\\ultralytics\\bbox'], extensions: ['.PT'], files: [] },
    ];
    const lists = sharedModels(told, [
      file('ultralytics', 'bbox/face.pt'),
      file('ultralytics', 'segm/x.pt'),
      file('checkpoints', 'any.thing'),
    ]);
    expect(lists.get('ultralytics_bbox')).toMatchObject([{ name: 'face.pt' }]);
    expect(lists.get('checkpoints')).toMatchObject([{ name: 'any.thing' }]);
  });
});

describe('what is listed', () => {
  const models = withElsewhere(TOLD, share);
  test('the share’s files now, and what lies on the workers themselves', () => {
    expect(models.map(({ elsewhere }) => elsewhere)).toEqual([[], ['v.safetensors'], ['l.safetensors'], [], []]);
    const lists = modelLists(models, [file('checkpoints', 'new.ckpt'), file('vae', 'w.safetensors')]);
    expect(lists.get('checkpoints')).toEqual({ names: ['new.ckpt'], isSure: true });
    expect(lists.get('vae')).toEqual({ names: ['w.safetensors', 'v.safetensors'], isSure: false });
    expect(namesOf(lists, 'diffusion_models')).toEqual([]);
  });

  test('what workers told, while the share is silent or is not where they look', () => {
    expect(modelLists(models, null).get('checkpoints')).toEqual({
      names: ['a.safetensors', 'deep/b.ckpt'],
      isSure: false,
    });
    const apart = withElsewhere(TOLD, [file('others', 'x.safetensors')]);
    const lists = modelLists(apart, [file('checkpoints', 'x.ckpt'), file('unet', 'u.safetensors')]);
    expect(lists.get('checkpoints')).toEqual({ names: ['a.safetensors', 'deep/b.ckpt'], isSure: false });
    expect(lists.get('diffusion_models')).toEqual({ names: ['u.safetensors'], isSure: false });
  });
});
