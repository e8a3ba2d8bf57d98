import type { Measuring, Window } from '../reading/window.ts';

const HEAD = 64 * 1024;
/** The browsers' default. */
const USUAL = { width: 300, height: 150 };
const NUMBER = /^\s*(\d{1,9}(?:\.\d{1,9})?)(?:px)?\s*$/;

const attribute = (tag: string, name: string): string | null =>
  new RegExp(`\\s${name}\\s*=\\s*["']([^"']{0,200})["']`).exec(tag)?.[1] ?? null;

function pixels(text: string | null): number | null {
  const number = Number(NUMBER.exec(text ?? '')?.[1] ?? Number.NaN);
  return number > 0 ? Math.round(number) : null;
}

/** From its first tag. It is not drawn here: that work would be unbounded. */
export function* svgSize(file: Window): Measuring {
  const head = new TextDecoder().decode(yield* file.at(0, HEAD));
  const start = head.search(/<(?:[\w-]{1,50}:)?svg[\s>]/);
  const end = head.indexOf('>', start);
  if (start < 0 || end < 0) return USUAL;
  const tag = head.slice(start, end);
  const [, , boxWidth = null, boxHeight = null] =
    attribute(tag, 'viewBox')
      ?.trim()
      .split(/[\s,]+/) ?? [];
  return {
    width: pixels(attribute(tag, 'width')) ?? pixels(boxWidth) ?? USUAL.width,
    height: pixels(attribute(tag, 'height')) ?? pixels(boxHeight) ?? USUAL.height,
  };
}
