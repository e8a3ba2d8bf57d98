import { expect, test } from 'vitest';
import { Window } from '../reading/window.ts';
import { svgSize } from './svg-size.ts';

function sizeOf(text: string) {
  const bytes = new TextEncoder().encode(text);
  const asking = svgSize(new Window(bytes.length));
  let step = asking.next();
  while (!step.done) step = asking.next(bytes.subarray(step.value.offset, step.value.offset + step.value.length));
  return step.value;
}

test.each([
  ['<svg width="40" height="20px">', 40, 20],
  ["<?xml version='1.0'?><!-- <b> --><svg viewBox='0 0 1920 1080'>", 1920, 1080],
  ['<svg:svg xmlns:svg="x" width="100%" height="50%" viewBox="0,0,8,4">', 8, 4],
  ['<svg width="10">', 10, 150],
  ['<svg width="1e99" height="-4">', 300, 150],
  ['<svg', 300, 150],
  [`<svg ${'width="'.repeat(100_000)}`, 300, 150],
  ['', 300, 150],
])('%s', (text, width, height) => expect(sizeOf(text)).toEqual({ width, height }));
