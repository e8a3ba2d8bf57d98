import { expect, test } from 'vitest';
import { readPreview, readRunMessage } from './run-messages.ts';

const text = (type: string, data: unknown): string => JSON.stringify({ type, data });

test.each([
  ['a start', text('execution_start', { prompt_id: 'p', timestamp: 1 }), { type: 'started', promptId: 'p' }],
  [
    'nodes in the memory',
    text('execution_cached', { nodes: ['1', 2], prompt_id: 'p' }),
    { type: 'cached', promptId: 'p', nodeIds: ['1', '2'] },
  ],
  ['a node', text('executing', { node: '3', prompt_id: 'p' }), { type: 'node', promptId: 'p', nodeId: '3' }],
  [
    'a node that is expanded',
    text('executing', { node: '3.0.0.7', display_node: '3', prompt_id: 'p' }),
    { type: 'node', promptId: 'p', nodeId: '3' },
  ],
  ['no node', text('executing', { node: null, prompt_id: 'p' }), null],
  [
    'a step',
    text('progress', { value: 3, max: 20, prompt_id: 'p', node: '3' }),
    { type: 'step', promptId: 'p', nodeId: '3', value: 3, max: 20 },
  ],
  ['a step of nothing', text('progress', { value: 3, max: 0, prompt_id: 'p', node: '3' }), null],
  ['a step that is no number', text('progress', { value: 'x', max: 20, prompt_id: 'p', node: '3' }), null],
  [
    'success',
    text('execution_success', { prompt_id: 'p' }),
    { type: 'ended', promptId: 'p', end: { type: 'success', texts: [] } },
  ],
  ['an interruption', text('execution_interrupted', { prompt_id: 'p' }), expect.objectContaining({ type: 'ended' })],
  [
    'an error',
    text('execution_error', {
      prompt_id: 'p',
      node_id: '3',
      node_type: 'KSampler',
      exception_message: 'out of memory',
    }),
    {
      type: 'ended',
      promptId: 'p',
      end: { type: 'failed', failure: expect.objectContaining({ nodeId: '3', message: 'out of memory' }) },
    },
  ],
  ['the length of the queue', text('status', { status: { exec_info: { queue_remaining: 1 } } }), null],
  ['without a prompt', text('execution_start', {}), null],
  ['an id without end', text('execution_start', { prompt_id: 'p'.repeat(1000) }), null],
  ['nothing that is JSON', '[[[', null],
])('%s', (_, message, read) => expect(readRunMessage(message)).toEqual(read));

const frame = (metadata: unknown, picture: Buffer, type = 4): Buffer => {
  const json = Buffer.from(JSON.stringify(metadata));
  const head = Buffer.alloc(8);
  head.writeUInt32BE(type, 0);
  head.writeUInt32BE(json.length, 4);
  return Buffer.concat([head, json, picture]);
};
const picture = Buffer.from([0xff, 0xd8, 0xff]);
const about = { prompt_id: 'p', node_id: '3', image_type: 'image/jpeg' };

test.each([
  ['a preview', frame(about, picture), true],
  [
    'a preview of a node that is expanded',
    frame({ ...about, node_id: '3.0.0.7', display_node_id: '3' }, picture),
    true,
  ],
  ['one that does not name its prompt', frame({}, picture, 1), false],
  ['another type of picture', frame({ ...about, image_type: 'image/svg+xml' }, picture), false],
  ['no picture', frame(about, Buffer.alloc(0)), false],
  ['a length that is not there', Buffer.from([0, 0, 0, 4, 0xff, 0xff, 0xff, 0xff, 1]), false],
  ['hardly anything', Buffer.from([0, 0]), false],
])('%s', (_, data, is) =>
  expect(readPreview(data)).toEqual(
    is
      ? { type: 'preview', promptId: 'p', nodeId: '3', picture: { mime: 'image/jpeg', bytes: new Uint8Array(picture) } }
      : null,
  ),
);
