import { readFileSync, statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { fieldsOf } from '#src/domain/fields/fields-of.ts';
import { fieldKey, limitFault, limitsOf } from '#src/domain/fields/limits.ts';
import { preset } from '#src/domain/fields/preset.ts';
import { classOffers, matching, type Offer } from './offers.ts';
import { readWorkflow } from './read/read-workflow.ts';

const folder = new URL('../../../public/workflows/', import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, folder), 'utf8');
const sample = z.object({
  id: z.string(),
  title: z.string(),
  makes: z.string(),
  file: z.string(),
  picture: z.string(),
  preset,
});
const { samples } = z.object({ samples: z.array(sample) }).parse(JSON.parse(read('index.json')));

describe.each(samples)('sample $id', (each) => {
  const file = readWorkflow(read(each.file));
  if (!file.ok) throw new Error(file.why);
  const graph = file.prompt;

  test('is a workflow in API format whose links all lead somewhere', () => {
    for (const node of Object.values(graph)) {
      for (const value of Object.values(node.inputs)) {
        if (Array.isArray(value)) expect(Object.keys(graph)).toContain(value[0]);
      }
    }
  });

  test('has a thumbnail of a few kilobytes', () => {
    expect(statSync(new URL(each.picture, folder)).size).toBeLessThan(20_000);
  });

  test('shows fields that it has, its prompt and seed among them, and is within its own limits', () => {
    const fields = fieldsOf(graph);
    const shown = each.preset.fields.map(fieldKey);
    const keys = fields.map(fieldKey);
    expect(shown.filter((key) => !keys.includes(key))).toEqual([]);
    for (const field of fields.filter(({ kind }) => kind === 'prompt' || kind === 'seed'))
      expect(shown).toContain(fieldKey(field));
    for (const field of fields) {
      const limits = limitsOf(field, each.preset);
      expect(limitFault({ value: 'something else' }, limits, field.value)).toBeNull();
    }
  });
});

const offer = (name: string, makes: string): Offer => ({
  type: 'class',
  id: name,
  name,
  makes,
  pictureUrl: null,
  preset: null,
});
const OFFERS = [offer('Animate a still', 'Five seconds of film'), offer('Still', 'One picture')];

test.each([
  ['', ['Animate a still', 'Still']],
  ['STILL', ['Animate a still', 'Still']],
  ['film still', ['Animate a still']],
  ['sound', []],
])('search for %j', (words, names) => {
  expect(matching(OFFERS, words).map(({ name }) => name)).toEqual(names);
});

test.each([
  ['with ComfyUI', true, ['class Still', 'editor Graph']],
  ['without', false, ['class Still']],
])('what has no API format is offered only %s', (_, hasComfy, expected) => {
  const listed = { makes: null, pictureUrl: null, preset: null };
  const offers = classOffers(
    [
      { ...listed, id: '1', name: 'Still', canRun: true, order: 0 },
      { ...listed, id: '2', name: 'Graph', canRun: false, order: 1 },
    ],
    hasComfy,
  );
  expect(offers.map(({ type, name }) => `${type} ${name}`)).toEqual(expected);
});
