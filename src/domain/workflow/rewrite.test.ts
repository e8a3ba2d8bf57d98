import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deepFreeze, prefix, randomGraph } from '../fixtures/random-graph.ts';
import { type Graph, isLink } from './graph.ts';
import { outputClass } from './outputs/output-classes.ts';
import { placeInputs, savesOf } from './outputs/outputs.ts';
import { ownParts } from './outputs/safe-path.ts';
import * as rewriting from './rewrite.ts';
import { type Plan, STARTED, withoutRefused } from './rewrite.ts';

const ATTEMPT = '0f8fad5b-d9cb-469f-a165-70867728950e';
const rewriteGraph = (graph: Graph, id: string) => rewriting.rewriteGraph(graph, id, { version: null }, 0);
const attemptId = fc.uuid();
const rewritten = fc.tuple(randomGraph, attemptId).map(([graph, id]) => ({ graph, id, ...rewriteGraph(graph, id) }));

const inputsOf = (graph: Graph, id: string) => graph[id]?.inputs ?? {};
const prefixOf = (graph: Graph, id: string): unknown => {
  const node = graph[id];
  return node?.inputs[(node && placeInputs(node)[0]) ?? ''];
};
const safePrefix = (name: unknown) => ownParts(name).join('/') || 'ComfyUI';
/** Names that only the worker will know: three nodes make each of them harmless and join it to its folder. */
const linkedNames = (graph: Graph) => savesOf(graph).filter(({ nodeId }) => isLink(prefixOf(graph, nodeId)));

describe('a rewritten graph', () => {
  test('without the added nodes and with its own prefixes is the original, and the original was not touched', () => {
    fc.assert(
      fc.property(randomGraph, attemptId, (graph, id) => {
        const before = JSON.stringify(graph);
        const { prompt } = rewriteGraph(deepFreeze(graph), id);
        expect(JSON.stringify(graph)).toBe(before);
        const restored = Object.entries(prompt)
          .filter(([nodeId]) => Object.hasOwn(graph, nodeId))
          .map(([nodeId, node]) => {
            const [name] = placeInputs(graph[nodeId]!);
            return [
              nodeId,
              name === undefined
                ? node
                : { ...node, inputs: { ...node.inputs, [name]: inputsOf(graph, nodeId)[name] } },
            ];
          });
        expect(JSON.stringify(Object.fromEntries(restored))).toBe(before);
      }),
    );
  });

  test('has the start marker, three nodes for each finish marker, and nothing else in addition', () => {
    fc.assert(
      fc.property(rewritten, ({ graph, prompt, plan }) => {
        const added = Object.keys(prompt).filter((id) => !Object.hasOwn(graph, id));
        const classes = added.map((id) => prompt[id]?.class_type).sort();
        const markers = Object.keys(plan.markerNodes).map(() => ['ImageFromBatch', 'ImageScale', 'SaveImage']);
        const names = linkedNames(graph).map(() => ['StringReplace', 'StringReplace', 'StringConcatenate']);
        expect(classes).toEqual(['EmptyImage', 'SaveImage', ...markers.flat(), ...names.flat()].sort());
        const starts = added.filter((id) => prefixOf(prompt, id) === `${plan.folder}/${STARTED}`);
        expect(starts).toHaveLength(1);
        const source = inputsOf(prompt, starts[0]!).images;
        expect(isLink(source) && prompt[source[0]]).toEqual({
          class_type: 'EmptyImage',
          inputs: { width: 1, height: 1, batch_size: 1, color: 0 },
        });
      }),
    );
  });

  test('agrees with its plan: each save node in a folder of its own, each marker by its node', () => {
    fc.assert(
      fc.property(rewritten, ({ graph, id, prompt, plan }) => {
        expect(plan.folder).toBe(`comfyume/${id}`);
        expect(plan.saves.map(({ nodeId }) => nodeId)).toEqual(savesOf(graph).map(({ nodeId }) => nodeId));
        expect(new Set(plan.saves.map(({ dir }) => dir)).size).toBe(plan.saves.length);
        for (const { nodeId, dir, marker } of plan.saves) {
          expect(dir).toMatch(/^\d+$/);
          const own = prefixOf(graph, nodeId);
          const sent = prefixOf(prompt, nodeId);
          if (isLink(own)) {
            const { string_a } = isLink(sent) ? inputsOf(prompt, sent[0]) : {};
            expect(string_a).toBe(`${plan.folder}/${dir}/`);
          } else expect(sent).toBe(`${plan.folder}/${dir}/${safePrefix(own)}`);
          if (marker !== null) expect(plan.markerNodes).toHaveProperty([marker]);
        }
        for (const [marker, nodeId] of Object.entries(plan.markerNodes)) {
          expect(Object.hasOwn(graph, nodeId)).toBe(false);
          expect(prompt[nodeId]?.class_type).toBe('SaveImage');
          expect(prefixOf(prompt, nodeId)).toBe(`${plan.folder}/${marker}`);
        }
      }),
    );
  });

  test('two attempts write nothing into one folder', () => {
    fc.assert(
      fc.property(randomGraph, fc.uniqueArray(attemptId, { minLength: 2, maxLength: 2 }), (graph, [first, second]) => {
        const [a, b] = [rewriteGraph(graph, first!), rewriteGraph(graph, second!)];
        expect(a.plan.folder).not.toBe(b.plan.folder);
        expect(JSON.stringify(b.prompt)).not.toContain(`${a.plan.folder}/`);
      }),
    );
  });

  test('is the same for the same attempt, and its markers differ between attempts', () => {
    const graph = {
      '1': { class_type: 'EmptyImage', inputs: {} },
      '2': { class_type: 'SaveImage', inputs: { images: ['1', 0], filename_prefix: 'x' } },
    };
    expect(rewriteGraph(graph, ATTEMPT)).toEqual(rewriteGraph(graph, ATTEMPT));
    const size = (id: string) => {
      const scale = Object.values(rewriteGraph(graph, id).prompt).find(({ class_type }) => class_type === 'ImageScale');
      return [scale?.inputs.width, scale?.inputs.height];
    };
    expect(size(ATTEMPT)).not.toEqual(size(ATTEMPT.replace(/e$/, 'f')));
    fc.assert(
      fc.property(attemptId, (id) => {
        for (const side of size(id))
          expect(Number.isInteger(side) && Number(side) >= 1 && Number(side) <= 128).toBe(true);
      }),
    );
  });
});

/**
 * A worker as it is seen to behave: any node whose inputs are there may run next, but outputs before others. Some of the participant's own nodes are cached.
 * Gives the order in which nodes ran.
 */
function run(prompt: Graph, cachedIds: ReadonlySet<string>, choose: (most: number) => number): string[] {
  const done = new Set<string>();
  const order: string[] = [];
  const links = (id: string) => Object.values(inputsOf(prompt, id)).filter(isLink);
  const isOutput = (id: string) => outputClass(prompt[id]?.class_type ?? '')?.writes === 'output';
  const left = new Set(Object.keys(prompt));
  while (left.size > 0) {
    const ready = [...left].filter((id) => links(id).every(([source]) => done.has(source)));
    const free = ready.filter((id) => cachedIds.has(id) && !isOutput(id));
    const outputs = ready.filter(isOutput);
    const from = free.length > 0 ? free : outputs.length > 0 ? outputs : ready;
    const next = from[choose(from.length - 1)]!;
    left.delete(next);
    done.add(next);
    order.push(next);
  }
  return order;
}

describe('finish markers', () => {
  test('come after every save node that relies on them, in whatever order a worker runs', () => {
    let relied = 0;
    fc.assert(
      fc.property(
        rewritten,
        fc.func(fc.boolean()),
        fc.infiniteStream(fc.nat()),
        ({ graph, prompt, plan }, isCached, random) => {
          const cached = new Set(Object.keys(graph).filter((id) => isCached(id)));
          const order = run(prompt, cached, (most) => random.next().value % (most + 1));
          for (const { nodeId, marker } of plan.saves) {
            if (marker === null) continue;
            relied += 1;
            expect(order.indexOf(plan.markerNodes[marker]!)).toBeGreaterThan(order.indexOf(nodeId));
          }
        },
      ),
      { numRuns: 500 },
    );
    expect(relied).toBeGreaterThan(100);
  });

  const graph: Graph = {
    '1': { class_type: 'LoadVideo', inputs: {} },
    '2': { class_type: 'VAEDecode', inputs: {} },
    a: { class_type: 'SaveImage', inputs: { images: ['2', 0], filename_prefix: 'a' } },
    b: { class_type: 'SaveAnimatedWEBP', inputs: { images: ['2', 0], filename_prefix: 'b', fps: 6 } },
    '3': { class_type: 'VAEDecode', inputs: {} },
    c: { class_type: 'SaveImage', inputs: { images: ['3', 0], filename_prefix: 'c' } },
    'linked fps': { class_type: 'SaveWEBM', inputs: { images: ['2', 0], filename_prefix: 'd', fps: ['1', 0] } },
    'linked prefix': { class_type: 'SaveImage', inputs: { images: ['2', 0], filename_prefix: ['1', 0] } },
    'no link': { class_type: 'SaveImage', inputs: { images: 'nothing', filename_prefix: 'e' } },
    video: { class_type: 'SaveVideo', inputs: { video: ['1', 0], filename_prefix: 'f' } },
    custom: { class_type: 'MySaveNode', inputs: { images: ['2', 0], filename_prefix: 'g' } },
  };
  test('one for each image link, and only where nothing but the link has to be there', () => {
    const { plan } = rewriteGraph(graph, ATTEMPT);
    const marked = Object.fromEntries(plan.saves.map(({ nodeId, marker }) => [nodeId, marker]));
    expect(marked).toEqual({
      a: '_finished0',
      b: '_finished0',
      c: '_finished1',
      'linked fps': null,
      'linked prefix': null,
      'no link': null,
      video: null,
      custom: null,
    });
  });

  test('what a worker refused is not waited for', () => {
    const { plan } = rewriteGraph(graph, ATTEMPT);
    const left = withoutRefused(plan, new Set(['b', 'video', plan.markerNodes._finished1!, 'unknown']));
    expect(left.saves.map(({ nodeId, marker }) => [nodeId, marker])).toEqual([
      ['a', '_finished0'],
      ['c', null],
      ['linked fps', null],
      ['linked prefix', null],
      ['no link', null],
      ['custom', null],
    ]);
    expect(withoutRefused(plan, new Set())).toEqual(plan);
    expect(withoutRefused(plan, new Set(Object.keys(graph))).saves).toEqual([]);
  });

  test('refusing takes away, and never adds or moves', () => {
    fc.assert(
      fc.property(rewritten, fc.func(fc.boolean()), ({ prompt, plan }, isRefused) => {
        const refused = new Set(Object.keys(prompt).filter((id) => isRefused(id)));
        const before: Plan = structuredClone(plan);
        const left = withoutRefused(deepFreeze(plan), refused);
        expect(left.folder).toBe(before.folder);
        expect(left.saves.map(({ nodeId, dir }) => ({ nodeId, dir }))).toEqual(
          before.saves.filter(({ nodeId }) => !refused.has(nodeId)).map(({ nodeId, dir }) => ({ nodeId, dir })),
        );
        for (const { nodeId, marker } of left.saves) {
          const had = before.saves.find((save) => save.nodeId === nodeId)?.marker ?? null;
          expect(marker).toBe(had !== null && refused.has(before.markerNodes[had]!) ? null : had);
        }
      }),
    );
  });
});

describe('safePrefix', () => {
  test.each([
    ['ComfyUI', 'ComfyUI'],
    ['film/shot 01', 'film/shot 01'],
    ['%year%-%month%/t_%width%x%height%_%batch_num%', '%year%-%month%/t_%width%x%height%_%batch_num%'],
    ['d_%date:yyyy-MM-dd%', 'd_%date_yyyy-MM-dd%'],
    ['ünï cödé 名前', 'ünï cödé 名前'],
    ['', 'ComfyUI'],
    ['///', 'ComfyUI'],
    ['..', 'ComfyUI'],
    ['../../etc/passwd', 'etc/passwd'],
    ['/abs/x', 'abs/x'],
    ['a/./b/../c', 'a/b/c'],
    ['a//b/', 'a/b'],
    ['.hidden', '_hidden'],
    ['..sneaky/x', '_sneaky/x'],
    ['C:\\Users\\x', 'C_/Users/x'],
    ['film\\scene 3\\take', 'film/scene 3/take'],
    ['q?*"<>|', 'q______'],
    ['new\nline\u0000', 'new_line_'],
    ['half \ud83d', 'half _'],
    [' x / y ', 'x/y'],
    ['1/2/3/4/5/6/7/8', '3/4/5/6/7/8'],
    ['l'.repeat(300), 'l'.repeat(80)],
    ['名'.repeat(100), '名'.repeat(26)],
    [null, 'ComfyUI'],
    [['3', 0], 'ComfyUI'],
    [42, 'ComfyUI'],
  ])('%j becomes %j', (given, safe) => expect(safePrefix(given)).toBe(safe));

  test('stays inside its folder, whatever it is given, and leaves room for what the worker appends', () => {
    fc.assert(
      fc.property(prefix, (given) => {
        const safe = safePrefix(given);
        const segments = safe.split('/');
        expect(segments.length).toBeLessThanOrEqual(6);
        for (const segment of segments) {
          expect(segment).not.toMatch(/^\.|^\s*$|[\\:*?"<>|\p{Cc}\p{Cs}]/u);
          expect(Buffer.byteLength(`${segment}_100000_.safetensors`)).toBeLessThanOrEqual(255);
        }
        expect(Buffer.from(safe).toString()).toBe(safe);
      }),
      { numRuns: 3000 },
    );
  });

  test('what is safe stays as it is', () => {
    const name = fc.stringMatching(/^[a-z%_0-9][a-z%_0-9 -]{0,30}[a-z%]$/);
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 6 }), (segments) => {
        expect(safePrefix(segments.join('/'))).toBe(segments.join('/'));
      }),
    );
  });
});
