import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { startReplica } from '../../simulator/replica.testing.ts';
import { attribute } from './attribution.ts';
import { parseGraph } from './parse-graph.ts';
import { rewriteGraph } from './rewrite.ts';

const node = (class_type: string, inputs: Record<string, unknown>) => ({ class_type, inputs });
const everywhere = {
  image: node('EmptyImage', { width: 64, height: 64, batch_size: 3, color: 255 }),
  sound: node('EmptyAudio', { duration: 1, sample_rate: 44100, channels: 2 }),
  latent: node('EmptyLatentImage', { width: 64, height: 64, batch_size: 2 }),
  film: node('CreateVideo', { images: ['image', 0], fps: 8 }),
  parts: node('GetVideoComponents', { video: ['film', 0] }),
  fps: node('PrimitiveFloat', { value: 7 }),
  name: node('PrimitiveString', { value: 'a ' }),
  mask: node('SolidMask', { value: 0.5, width: 64, height: 64 }),
  trimmed: node('StringTrim', { string: ['name', 0], mode: 'Both' }),
  s1: node('SaveImage', { images: ['image', 0], filename_prefix: 'a' }),
  s2: node('SaveImage', { images: ['image', 0], filename_prefix: ['trimmed', 0] }),
  s3: node('SaveAnimatedPNG', { images: ['parts', 0], fps: ['parts', 2], compress_level: 4, filename_prefix: 'a' }),
  s4: node('SaveAnimatedPNG', { images: ['image', 0], fps: ['fps', 0], compress_level: 4, filename_prefix: 'a' }),
  s5: node('SaveAudio', { audio: ['sound', 0], filename_prefix: 'a' }),
  s6: node('SaveLatent', { samples: ['latent', 0], filename_prefix: 'a' }),
  s7: node('SaveVideo', { video: ['film', 0], format: 'auto', codec: 'auto', filename_prefix: 'a' }),
  p1: node('PreviewImage', { images: ['image', 0] }),
  p2: node('MaskPreview', { mask: ['mask', 0] }),
  p3: node('PreviewAudio', { audio: ['sound', 0] }),
  p4: node('SaveImageWebsocket', { images: ['image', 0] }),
  p5: node('PreviewAny', { source: ['fps', 0] }),
};
const onlyNewer = {
  s8: node('SaveText', { text: ['trimmed', 0], format: 'txt', filename_prefix: 'a' }),
  p6: node('ImageCompare', { compare_view: {}, image_a: ['image', 0], image_b: ['parts', 0] }),
};

/** How many nodes write, and how many of them have no marker. */
test.each([
  ['0.33.0', { ...everywhere, ...onlyNewer }, 15, 0],
  ['0.3.64', everywhere, 11, 2],
])(
  'on a worker of %s every marker is written after the files of its save nodes, fresh and cached',
  async (version, graph, writes, without) => {
    const replica = await startReplica({ version });
    const original = parseGraph(graph);
    for (const id of ['0f8fad5b-d9cb-469f-a165-70867728950e', '7c9e6679-7425-40de-944b-e07fc1f90ae7']) {
      const { prompt, plan } = rewriteGraph(original, id, { version }, 0);
      expect(plan.saves).toHaveLength(writes);
      expect(plan.saves.filter(({ marker }) => marker === null)).toHaveLength(without);
      const { status } = await replica.run(prompt, { prompt_id: id });
      expect(status.status_str).toBe('success');

      const folder = path.join(replica.outputs, plan.folder);
      const markers = new Map<string, bigint>();
      const last = new Map<string, bigint>();
      for (const file of await readdir(folder, { recursive: true })) {
        const found = await stat(path.join(folder, file), { bigint: true });
        if (!found.isFile()) continue;
        const { mtimeNs } = found;
        const owner = attribute(file, plan);
        if (owner.kind === 'finished') markers.set(owner.marker, mtimeNs);
        if (owner.kind !== 'output') continue;
        const [dir = ''] = file.split('/');
        last.set(dir, mtimeNs > (last.get(dir) ?? 0n) ? mtimeNs : (last.get(dir) ?? 0n));
      }
      expect([...markers.keys()].sort()).toEqual(Object.keys(plan.markerNodes).sort());
      for (const { dir, marker } of plan.saves) {
        expect(last.has(dir)).toBe(true);
        if (marker !== null) expect(markers.get(marker)! >= last.get(dir)!).toBe(true);
      }
    }
    await replica.stop();
  },
);
