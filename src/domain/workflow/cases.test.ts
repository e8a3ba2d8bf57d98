import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseGraph } from './parse-graph.ts';
import { rewriteGraph } from './rewrite.ts';

const CASES = new URL('./cases/', import.meta.url);
const ATTEMPT = '0f8fad5b-d9cb-469f-a165-70867728950e';
const DIR = `comfyume/${ATTEMPT}`;

/** The graph of a case; some are whole submissions. */
function graphOf(name: string) {
  const json: unknown = JSON.parse(readFileSync(new URL(name, CASES), 'utf8'));
  return parseGraph(typeof json === 'object' && json !== null && 'prompt' in json ? json.prompt : json);
}

/** Of each graph that once failed: what is sent for it, by node. Previews are marked. */
const EXPECTED: Record<string, Record<string, Record<string, unknown>>> = {
  'api-node-key.json': { '2': { filename_prefix: `${DIR}/0/k` } },
  'easy-ksampler-save.json': { '2': { save_prefix: `${DIR}/0/ComfyUI` } },
  'image-and-caption.json': { '2': { filename_prefix: `${DIR}/0/scene` } },
  'image-saver.json': { '2': { path: `${DIR}/0/2026-01-01`, filename: '%time_%seed' } },
  'image-saver-beside-saveimage.json': {
    '2': { path: `${DIR}/0/2026-01-01`, filename: '%time_%seed' },
    '3': { filename_prefix: `${DIR}/1/still` },
  },
  'junk-files.json': Object.fromEntries(
    Array.from({ length: 8 }, (_, n) => [String(n + 2), { filename_prefix: `${DIR}/${n}/shot` }]),
  ),
  'refused-then-fine.json': { '2': { filename_prefix: `${DIR}/0/h` } },
  'saveimage-linked-prefix.json': { '3': { filename_prefix: `${DIR}/0/scene_12/take` } },
  'seed-64bit.json': { '2': { filename_prefix: `${DIR}/0/s` } },
  'shape-dangling-link-unused-branch.json': { '2': { filename_prefix: `${DIR}/0/d` } },
  'shape-preview-only.json': { 'preview 2': { filename_prefix: expect.stringMatching(`^${DIR}/0/`) } },
  'shape-text-output-only.json': { 'preview 2': {} },
  'shape-websocket-saver-only.json': { 'preview 2': { filename_prefix: expect.stringMatching(`^${DIR}/0/`) } },
  'vhs-linked-prefix.json': { '3': { filename_prefix: `${DIR}/0/scene_12`, save_output: true } },
  'vhs-preview-beside-film.json': {
    '2': { filename_prefix: `${DIR}/0/shots/take`, save_output: true },
    'preview 3': { filename_prefix: `${DIR}/1/preview`, save_output: true },
  },
  'vhs-preview-only.json': { 'preview 3': { filename_prefix: `${DIR}/0/shots/take`, save_output: true } },
  'was-image-save-default.json': { '2': { output_path: `${DIR}/0/[time(%Y-%m-%d)]`, filename_prefix: 'ComfyUI' } },
  'was-image-save-emptypath.json': { '2': { output_path: `${DIR}/0/`, filename_prefix: 'ComfyUI' } },
  'windows-backslash.json': { '2': { filename_prefix: `${DIR}/0/film/scene 3/take` } },
};

test('every case has its outcome', () => expect(Object.keys(EXPECTED).sort()).toEqual(readdirSync(CASES).sort()));

test.each(Object.entries(EXPECTED))('%s', (name, expected) => {
  const { prompt, plan, warnings } = rewriteGraph(graphOf(name), ATTEMPT, { version: '0.33.0' }, 0);
  const sent = plan.saves.map(({ nodeId, isPreview }) => [
    isPreview ? `preview ${nodeId}` : nodeId,
    prompt[nodeId]?.inputs,
  ]);
  expect(Object.fromEntries(sent)).toMatchObject(expected);
  expect(sent).toHaveLength(Object.keys(expected).length);
  expect(warnings).toEqual([]);
});
