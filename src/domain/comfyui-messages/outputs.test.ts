import { expect, test } from 'vitest';
import { type OutputFile, outputOf, outputsOf } from './outputs.ts';

const file = (name: string, kind: OutputFile['kind'], nodeId = '9'): OutputFile => ({
  id: name,
  nodeId,
  kind,
  name,
  isPreview: false,
  file: { filename: name, subfolder: '', type: 'output' },
});

test('a picture that moves is told as one, as its node does', () => {
  const picture = file('a_00001_.webp', 'image');
  expect(outputOf([picture], 'SaveAnimatedWEBP')).toEqual({ images: [picture.file], animated: [true] });
  expect(outputOf([picture], 'SaveImage')).toEqual({ images: [picture.file] });
});

test('VideoHelperSuite is told its film, with sound where it has some, and not the frame beside it', () => {
  const [frame, film, withSound, gif] = [
    file('a_00001.png', 'image'),
    file('a_00001.mp4', 'video'),
    file('a_00001-audio.mp4', 'video'),
    file('b_00001.gif', 'image', '10'),
  ];
  const classes = new Map([
    ['9', 'VHS_VideoCombine'],
    ['10', 'VHS_VideoCombine'],
  ]);
  expect(outputsOf([frame, film, withSound, gif], classes)).toEqual({
    '9': { gifs: [{ ...withSound.file, format: 'video/mp4' }] },
    '10': { gifs: [{ ...gif.file, format: 'image/gif' }] },
  });
  expect(outputOf([frame], 'VHS_VideoCombine')).toEqual({});
});
