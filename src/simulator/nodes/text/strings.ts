import type { Inputs } from '../inputs.ts';
import type { NodeTable } from '../node.ts';

const folded = (inputs: Inputs, name: string): string =>
  inputs.flag('case_sensitive', true) ? inputs.text(name) : inputs.text(name).toLowerCase();

/** Cuts as Python slices: negative places count from the end. */
function slice(text: string, start: number, end: number): string {
  return [...text].slice(start, end).join('');
}

function trim(text: string, mode: string): string {
  if (mode === 'Left') return text.trimStart();
  return mode === 'Right' ? text.trimEnd() : text.trim();
}

function compare(inputs: Inputs): boolean {
  const [a, b] = [folded(inputs, 'string_a'), folded(inputs, 'string_b')];
  const mode = inputs.text('mode');
  if (mode === 'Starts With') return a.startsWith(b);
  return mode === 'Ends With' ? a.endsWith(b) : a === b;
}

export const stringNodes: NodeTable = {
  StringConcatenate: (inputs) => ({
    values: [`${inputs.text('string_a')}${inputs.text('delimiter')}${inputs.text('string_b')}`],
  }),
  StringSubstring: (inputs) => ({
    values: [slice(inputs.text('string'), inputs.number('start'), inputs.number('end'))],
  }),
  StringLength: (inputs) => ({ values: [[...inputs.text('string')].length] }),
  StringTrim: (inputs) => ({ values: [trim(inputs.text('string'), inputs.text('mode'))] }),
  StringReplace: (inputs) => ({
    values: [inputs.text('string').replaceAll(inputs.text('find'), () => inputs.text('replace'))],
  }),
  StringContains: (inputs) => ({ values: [folded(inputs, 'string').includes(folded(inputs, 'substring'))] }),
  StringCompare: (inputs) => ({ values: [compare(inputs)] }),
};
