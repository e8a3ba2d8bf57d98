import path from 'node:path';
import { refusingClass } from '../../balancer/scripted-refusals.ts';
import { formatValue } from '../../replica/execution/format-value.ts';
import { PythonError, str } from '../../replica/python.ts';
import type { Inputs } from '../inputs.ts';
import type { NodeContext, NodeResult } from '../node.ts';
import { classInfo, flag, float, int, link, type NodeClassEntries, text } from '../node-class.ts';
import { numbered } from '../output-path.ts';
import { saveFrame, savePngs } from '../save/save-images.ts';
import { Blocked, ImageBatch, isJson } from '../values.ts';

const module = 'custom_nodes.scripted_faults';
const maxFiles = 20_000;
/** What a paid service is asked for, so that it names the key that it was sent and refuses it. */
export const expiredKey = 'an expired key';
const passed = (inputs: Inputs): NodeResult['values'][number] => inputs.get('value') ?? null;

const count = (inputs: Inputs): number => Math.min(maxFiles, inputs.number('count', 1));

/** A plain picture with a different colour for each index. */
function plain(index: number): ImageBatch {
  const frame = new Uint8Array(64 * 64 * 3).fill((index * 40 + 30) % 256);
  return new ImageBatch(64, 64, 3, [frame]);
}

async function writePairs(inputs: Inputs, context: NodeContext): Promise<NodeResult> {
  const place = await context.place(inputs.text('filename_prefix'), 'output', 64, 64);
  const images = [];
  for (let index = 0; index < count(inputs); index++) {
    images.push(await saveFrame(plain(index), 0, place, index, context));
    const caption = path.join(place.folder, numbered(place, index, 'txt'));
    await context.writeFile(caption, [Buffer.from(`a plain picture, number ${index + 1}`)], 0);
  }
  return { values: [], ui: { images } };
}

async function writeSeries(inputs: Inputs, context: NodeContext): Promise<NodeResult> {
  const batch = inputs.image('images');
  const place = await context.place(inputs.text('filename_prefix'), 'output', batch.width, batch.height);
  const images = [];
  for (let index = 0; index < count(inputs); index++) {
    if (index > 0) await context.pause(inputs.number('seconds') * 1000);
    images.push(await saveFrame(batch, index % batch.frames.length, place, index, context));
  }
  return { values: [], ui: { images } };
}

async function writeOne(inputs: Inputs, context: NodeContext): Promise<NodeResult> {
  const { folder } = await context.place(inputs.text('filename_prefix'), 'output', 0, 0);
  const coded = inputs.text('base64', '');
  const bytes = coded === '' ? Buffer.from(inputs.text('text', '')) : Buffer.from(coded, 'base64');
  await context.writeFile(path.join(folder, path.basename(inputs.text('name'))), [bytes], 0);
  return { values: [] };
}

/** As a background thread does: node and run end before the file exists. */
function writeLater(inputs: Inputs, context: NodeContext): NodeResult {
  const images = inputs.image('images');
  context.ended
    .then(() => context.pause(inputs.number('seconds') * 1000))
    .then(() => savePngs(images, inputs.text('filename_prefix'), 'output', context))
    .catch((error: unknown) => process.stderr.write(`Exception in thread: ${String(error)}\n`));
  return { values: [] };
}

async function wait(inputs: Inputs, context: NodeContext): Promise<NodeResult> {
  const steps = 20;
  for (let step = 1; step <= steps; step++) {
    await context.pause((inputs.number('seconds') * 1000) / steps);
    await context.progress(step, steps, null);
  }
  return { values: [passed(inputs)] };
}

async function raise(inputs: Inputs, context: NodeContext): Promise<NodeResult> {
  await context.pause(inputs.number('seconds', 0) * 1000);
  throw new PythonError(inputs.text('type', 'ValueError'), inputs.text('message', 'This node always fails.'), [
    '  File "/comfyui/custom_nodes/scripted_faults/nodes.py", line 41, in run\n    <source line>\n',
  ]);
}

const block = (inputs: Inputs): NodeResult => {
  const message = inputs.text('message', '');
  return { values: [inputs.flag('block', true) ? new Blocked(message === '' ? null : message) : passed(inputs)] };
};

function show(inputs: Inputs): NodeResult {
  const value = inputs.get('text') ?? '';
  const shown = isJson(value) ? str(value) : str(formatValue(value));
  return { values: [shown], ui: { text: [shown] } };
}

const saver = { module, isOutput: true, hidden: 'metadata' } as const;
const prefix = { filename_prefix: text('ComfyUI') };

/** Classes that do on purpose what some real ones do by accident, as configured by their inputs. */
export const scriptedNodes: NodeClassEntries = {
  FakePair: {
    info: classInfo('FakePair', { ...saver, required: { ...prefix, count: int(1) } }),
    run: writePairs,
  },
  FakeSeries: {
    info: classInfo('FakeSeries', {
      ...saver,
      required: { images: link('IMAGE'), ...prefix, count: int(3), seconds: float(5) },
    }),
    run: writeSeries,
  },
  FakeWrite: {
    info: classInfo('FakeWrite', {
      ...saver,
      required: { ...prefix, name: text('file.txt') },
      optional: { text: text(), base64: text() },
    }),
    run: writeOne,
  },
  FakeLate: {
    info: classInfo('FakeLate', {
      ...saver,
      required: { images: link('IMAGE'), ...prefix, seconds: float(5) },
    }),
    run: writeLater,
  },
  FakeSlow: {
    info: classInfo('FakeSlow', { module, required: { value: link('*'), seconds: float(10) }, output: ['*'] }),
    run: wait,
  },
  FakeRaise: {
    info: classInfo('FakeRaise', {
      module,
      required: { value: link('*') },
      optional: { message: text(), type: text('ValueError'), seconds: float(0) },
      output: ['*'],
    }),
    run: raise,
  },
  FakeBlock: {
    info: classInfo('FakeBlock', {
      module,
      required: { value: link('*') },
      optional: { block: flag(true), message: text() },
      output: ['*'],
    }),
    run: block,
  },
  /** Answered by the balancer; a worker that receives it does nothing. */
  [refusingClass]: {
    info: classInfo(refusingClass, {
      module,
      required: { status: int(429) },
      optional: { headers: link('*'), body: text(), times: int(1), key: text() },
    }),
    run: () => ({ values: [] }),
  },
  'ShowText|pysssss': {
    info: classInfo('ShowText|pysssss', {
      module: 'custom_nodes.ComfyUI-Custom-Scripts',
      required: { text: link('*') },
      output: ['STRING'],
      isOutput: true,
    }),
    run: show,
  },
  KlingTextToVideoNode: {
    info: classInfo('KlingTextToVideoNode', {
      module: 'custom_nodes.api_nodes',
      required: { prompt: text() },
      output: ['*'],
    }),
    run: (inputs, { secrets }) => {
      const { api_key_comfy_org: key } = secrets;
      const isExpired = inputs.get('prompt') === expiredKey;
      if (typeof key === 'string' && !isExpired) return { values: [plain(0)] };
      const why = isExpired ? `The key ${String(key)} has expired.` : 'Please login first to use this node.';
      throw new PythonError('Exception', `Unauthorized: ${why}`, [
        '  File "/comfyui/comfy_api_nodes/util/client.py", line 661, in sync_op\n    <source line>\n',
      ]);
    },
  },
};
