import { formatValue } from '../../replica/execution/format-value.ts';
import type { Inputs } from '../inputs.ts';
import { classInfo, link, type NodeClassEntries, text } from '../node-class.ts';
import { isJson } from '../values.ts';

const names = [...'abcdefghijklmnopqrstuvwxyz'];

/** Replaces letters in braces by values; a value without a placeholder is only waited for. */
function format(inputs: Inputs): string {
  return inputs.text('f_string').replace(/\{([a-z])\}/g, (_, name: string) => {
    const value = inputs.get(`values.${name}`) ?? null;
    return isJson(value) ? String(value) : String(formatValue(value));
  });
}

/** As of ComfyUI 0.33.0. The real one says of its inputs only that there may be as many as there are letters. */
export const stringFormat: NodeClassEntries = {
  StringFormat: {
    since: '0.33.0',
    info: classInfo('StringFormat', {
      module: 'comfy_extras.nodes_string',
      required: { f_string: text('{a}', { multiline: true }) },
      optional: Object.fromEntries(names.map((name) => [`values.${name}`, link('*')])),
      hidden: 'none',
      output: ['STRING'],
    }),
    run: (inputs) => ({ values: [format(inputs)] }),
  },
};
