import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { AT, job, result } from './job.testing.ts';
import type { ServerJob, ServerResult } from './server.ts';
import {
  createNumbers,
  executed,
  executionError,
  fileOf,
  historyEntry,
  isListed,
  jobDetail,
  jobItem,
  outputsOf,
  progressState,
  queueItem,
} from './shapes.ts';

const graphs = { prompt: { 9: { class_type: 'SaveImage', inputs: {} } }, workflow: { id: 'w1', nodes: [] } };

// As front end 1.49 reads them (jobTypes), and 1.37 the tuples of queue and history.
const zFile = z.object({ filename: z.string(), subfolder: z.string(), type: z.enum(['input', 'output', 'temp']) });
const zItem = z.tuple([
  z.number(),
  z.string(),
  z.record(z.string(), z.object({ class_type: z.string() })),
  z.object({ extra_pnginfo: z.object({ workflow: z.unknown() }), create_time: z.number(), client_id: z.string() }),
  z.array(z.string()),
]);
const zJob = z.object({
  id: z.string(),
  status: z.enum(['pending', 'in_progress', 'completed', 'failed', 'cancelled']),
  create_time: z.number(),
  execution_start_time: z.number().nullable(),
  execution_end_time: z.number().nullable(),
  preview_output: zFile.extend({ nodeId: z.string(), mediaType: z.string() }).nullable(),
  outputs_count: z.number(),
  priority: z.number(),
  execution_error: z
    .object({
      node_id: z.string(),
      node_type: z.string(),
      exception_message: z.string(),
      exception_type: z.string(),
      traceback: z.array(z.string()),
    })
    .nullable(),
});

describe('what the front end reads', () => {
  test.each(['queued', 'dispatched', 'running', 'delivering', 'completed', 'failed', 'cancelled'] as const)(
    'a job that is %s',
    (status) => {
      expect(zJob.safeParse(jobItem(job({ status }), 1)).error).toBeUndefined();
      expect(zItem.safeParse(queueItem(job({ status }), graphs, 1)).error).toBeUndefined();
    },
  );

  test('the history tells when it began and ended, and how', () => {
    const said = (status: ServerJob['status']) => {
      const { status_str, completed, messages } = historyEntry(job({ status }), graphs, 1).status;
      return { status_str, completed, last: messages.at(-1)?.[0], first: messages[0] };
    };
    const first = ['execution_start', { prompt_id: 'j1', timestamp: Date.parse(AT) + 10_000 }];
    expect(said('completed')).toEqual({ status_str: 'success', completed: true, last: 'execution_success', first });
    expect(said('failed')).toEqual({ status_str: 'error', completed: false, last: 'execution_error', first });
    expect(said('cancelled')).toEqual({ status_str: 'error', completed: false, last: 'execution_interrupted', first });
  });

  test('what was cancelled is in no list: it would be called failed', () => {
    expect(isListed(job({ status: 'cancelled' }))).toBe(false);
    expect(isListed(job({ status: 'failed' }))).toBe(true);
  });

  test('the workflow that it was made from goes along: “Current workflow” looks for it', () => {
    expect(jobItem(job({ workflowId: 'w7' }), 1).workflow_id).toBe('w7');
    expect(jobDetail(job({ workflowId: 'w7' }), graphs, 1).workflow_id).toBe('w7');
  });

  test('a job of newer front ends brings its workflow where they look for it', () => {
    const { workflow, outputs } = jobDetail(job(), graphs, 1);
    expect(workflow.extra_data.extra_pnginfo.workflow).toEqual(graphs.workflow);
    expect(outputs).toEqual({ 9: { images: [fileOf(result())] } });
  });
});

test('files are named as /view asks for them', () => {
  expect(fileOf({ filename: 'a/b/x_00001_.png', preview: false })).toEqual({
    filename: 'x_00001_.png',
    subfolder: 'a/b',
    type: 'output',
  });
  expect(fileOf({ filename: 'x_00001_.png', preview: false })).toEqual({
    filename: 'x_00001_.png',
    subfolder: '',
    type: 'output',
  });
});

test('each kind of result is under the key that its save node reports', () => {
  const results = [
    result({ nodeId: '1' }),
    result({ nodeId: '2', kind: 'video', filename: 'film_00001_.mp4' }),
    result({ nodeId: '3', kind: 'audio', filename: 'song_00001_.flac' }),
    result({ nodeId: '1', id: 'r2', filename: 'shots/dawn_00002_.png' }),
  ];
  const outputs = outputsOf(results);
  expect(outputs['1']).toEqual({ images: [fileOf(result()), { ...fileOf(result()), filename: 'dawn_00002_.png' }] });
  expect(outputs['2']).toEqual({
    images: [{ filename: 'film_00001_.mp4', subfolder: '', type: 'output' }],
    animated: [true],
  });
  expect(Object.keys(outputs['3'] ?? {})).toEqual(['audio']);
});

describe('what a node shows', () => {
  const output = (...results: ServerResult[]) =>
    executed(job(), '9', results, ({ id }) => (id === 'text' ? 'a fox' : undefined)).output;
  const preview = (filename: string, over: Partial<ServerResult> = {}) => result({ filename, preview: true, ...over });
  const file = (filename: string) => ({ filename, subfolder: '.previews', type: 'output' });
  const text = { id: 'text', kind: 'other', mime: 'text/plain' } as const;

  test.each<[string, ServerResult[], Record<string, unknown[]>]>([
    ['pictures', [preview('preview_images_00001_.png')], { images: [file('preview_images_00001_.png')] }],
    [
      'two sides',
      [preview('preview_a_00001_.png'), preview('preview_b_00001_.png')],
      { a_images: [file('preview_a_00001_.png')], b_images: [file('preview_b_00001_.png')] },
    ],
    [
      'a picture that is saved under such a name',
      [result({ filename: 'preview_a_00001_.png' })],
      { images: [{ filename: 'preview_a_00001_.png', subfolder: '', type: 'output' }] },
    ],
    [
      'a sound',
      [preview('preview_audio_00001_.flac', { kind: 'audio' })],
      { audio: [file('preview_audio_00001_.flac')] },
    ],
    ['text', [preview('preview_source_00001_.txt', text)], { text: ['a fox'] }],
    ['text that was not read', [preview('x.txt', { ...text, id: 'other' })], { files: [file('x.txt')] }],
    [
      'text that is saved',
      [result({ filename: 'note_00001_.txt', ...text })],
      { text: ['a fox'], files: [{ filename: 'note_00001_.txt', subfolder: '', type: 'output' }] },
    ],
    [
      'a model',
      [preview('preview_model_3d_00001_.glb', { kind: 'model' })],
      { '3d': [file('preview_model_3d_00001_.glb')], result: ['.previews/preview_model_3d_00001_.glb'] },
    ],
  ])('%s', (_, results, shown) => {
    expect(output(...results)).toEqual(shown);
  });

  test('a job that only shows something has outputs too', () => {
    const only = job({ results: [], previews: [preview('preview_images_00001_.png')] });
    expect(jobItem(only, 1)).toMatchObject({
      outputs_count: 1,
      preview_output: file('preview_images_00001_.png'),
    });
    expect(historyEntry(only, graphs, 1).outputs).toEqual({ 9: { images: [file('preview_images_00001_.png')] } });
    expect(queueItem(only, graphs, 1)[4]).toEqual(['9']);
  });
});

describe('events have the shape that a front end was seen to take', () => {
  const { events } = z
    .object({ events: z.array(z.object({ type: z.string(), detail: z.unknown() })) })
    .parse(JSON.parse(readFileSync(new URL('./fixtures/ui_events.json', import.meta.url), 'utf8')));
  const shape = (value: unknown): unknown =>
    z.record(z.string(), z.unknown()).safeParse(value).success
      ? Object.keys(z.record(z.string(), z.unknown()).parse(value)).sort()
      : typeof value;
  const recorded = (type: string) => events.findLast((event) => event.type === type)?.detail;

  test('executed', () =>
    expect(shape(executed(job(), '9', [result()], () => undefined))).toEqual(shape(recorded('executed'))));

  test('progress_state', () => {
    const nodes = z.object({ nodes: z.record(z.string(), z.unknown()) });
    const [ours] = Object.values(nodes.parse(progressState(job(), ['9'])).nodes);
    const [theirs] = Object.values(nodes.parse(recorded('progress_state')).nodes);
    expect(shape(ours)).toEqual(shape(theirs));
  });

  test('execution_error names the node that stopped, and its own exception', () => {
    const failed = job({
      status: 'failed',
      phase: 'failed',
      reason: 'execution_error',
      message: 'KSampler stopped: out of GPU memory.',
      nodeErrors: {
        4: {
          class_type: 'KSampler',
          dependent_outputs: [],
          // As domain/jobs/failure.ts makes it of what a worker reports.
          errors: [
            {
              type: 'execution_error',
              message: 'out of GPU memory. A smaller size or fewer frames will help.',
              details: 'torch.OutOfMemoryError',
              extra_info: {},
            },
          ],
        },
      },
    });
    expect(executionError(failed)).toMatchObject({
      node_id: '4',
      node_type: 'KSampler',
      exception_type: 'torch.OutOfMemoryError',
      exception_message: 'out of GPU memory. A smaller size or fewer frames will help.',
    });
  });

  test('what ended without a node’s exception is told in words', () => {
    const message = 'The GPU was lost during rendering. We tried 2 times. Your workflow is safe.';
    const lost = job({ status: 'failed', phase: 'failed', reason: 'lost', message, results: [] });
    expect(executionError(lost)).toMatchObject({
      node_id: '',
      exception_type: 'The GPU was lost during rendering',
      exception_message: 'We tried 2 times. Your workflow is safe.',
    });
  });
});

describe('numbers', () => {
  const ended = (id: string, second: number) =>
    ({
      id,
      status: 'completed',
      createdAt: AT,
      endedAt: new Date(Date.parse(AT) + second * 1000).toISOString(),
    }) as const;

  test('a job that ends while we watch comes after all that ended, whatever its own clock says', () => {
    const numbers = createNumbers();
    const first = numbers.of(ended('a', 30), false);
    const second = numbers.of(ended('b', 20), true);
    expect(second).toBeGreaterThan(first);
    expect(numbers.of(ended('b', 20), true)).toBe(second);
  });

  test('older pages of the history stay older', () => {
    const numbers = createNumbers();
    const newest = numbers.of(ended('a', 30), false);
    expect(numbers.of(ended('z', 5), false)).toBeLessThan(newest);
  });
});
