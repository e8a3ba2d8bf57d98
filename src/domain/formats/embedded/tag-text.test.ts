import { describe, expect, test } from 'vitest';
import { tagText } from './tag-text.ts';

const prompt = '{"1":{"class_type":"KSampler","inputs":{"seed":18446744073709551615}}}';
const workflow = '{"nodes":[]}';
/** VideoHelperSuite's one comment, in which the prompt is a text or the graph itself. */
const both = JSON.stringify({ prompt, workflow: { nodes: [] }, CreationTime: '2026-11-30T10:00:00' });

describe('where the tags of a film or a sound have the graph', () => {
  test.each<[string, Record<string, unknown>]>([
    ['MP4 keys', { prompt, workflow }],
    ['Matroska, in capitals', { PROMPT: prompt, WORKFLOW: workflow }],
    ['Vorbis comments, a list for each name', { prompt: [prompt], workflow: [workflow] }],
    ['ID3 frames of MP3 and WAV', { TXXX: { prompt, workflow } }],
    ['a comment of VideoHelperSuite', { comment: both }],
    ['the same in Matroska', { COMMENT: both }],
    ['the same in an MP4 of iTunes', { '©cmt': both }],
    ['the same in an ID3 frame', { TXXX: { comment: both } }],
  ])('%s', (_, tags) => {
    expect(tagText(tags, 'prompt')).toBe(prompt);
    expect(tagText(tags, 'workflow')).toBe(workflow);
  });

  test('a graph in a comment keeps every digit of its seeds', () =>
    expect(tagText({ comment: `{"prompt":${prompt}}` }, 'prompt')).toBe(prompt));
});

test.each<[string, Record<string, unknown>]>([
  ['no tags', {}],
  ['other tags', { title: 'Lighthouse', artist: 'Ada' }],
  ['a comment of a person', { comment: 'shot at dusk' }],
  ['a comment that breaks off', { comment: both.slice(0, 40) }],
  ['a comment without a graph', { comment: '{"prompt":null}' }],
  ['bytes', { prompt: new Uint8Array([1, 2, 3]) }],
])('nothing: %s', (_, tags) => expect(tagText(tags, 'prompt')).toBeNull());
