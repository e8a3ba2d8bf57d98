import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { PythonError } from '../../replica/python.ts';
import type { Inputs } from '../inputs.ts';
import type { NodeContext, NodeResult, NodeRun } from '../node.ts';
import { classInfo, int, link, type NodeClassEntries, text } from '../node-class.ts';
import { File3D, Loaded } from '../values.ts';

const since = '0.33.0';
const module = 'comfy_extras.nodes_save_3d';

/** An empty scene in the format's own shape. */
function glb(): Buffer {
  const json = Buffer.from('{"asset":{"version":"2.0"},"scenes":[{"nodes":[]}],"scene":0}'.padEnd(64));
  const head = Buffer.alloc(20);
  head.write('glTF', 0, 'latin1');
  head.writeUInt32LE(2, 4);
  head.writeUInt32LE(head.length + json.length, 8);
  head.writeUInt32LE(json.length, 12);
  head.write('JSON', 16, 'latin1');
  return Buffer.concat([head, json]);
}

const ply = (): Buffer =>
  Buffer.from(
    'ply\nformat ascii 1.0\nelement vertex 1\nproperty float x\nproperty float y\nproperty float z\nend_header\n0 0 0\n',
  );

function modelOf(inputs: Inputs, name: string): File3D {
  const value = inputs.get(name);
  if (value instanceof File3D) return value;
  throw new PythonError('AttributeError', "'str' object has no attribute 'format'");
}

async function save(inputs: Inputs, context: NodeContext): Promise<NodeResult> {
  const model = modelOf(inputs, 'model_3d');
  const place = await context.place(inputs.text('filename_prefix'), 'output', 0, 0);
  const filename = `${place.base}_${String(place.counter).padStart(5, '0')}.${model.format}`;
  await context.writeFile(path.join(place.folder, filename), [model.bytes], 0);
  const file = place.subfolder === '' ? filename : `${place.subfolder}/${filename}`;
  const files = [{ filename, subfolder: place.subfolder, type: 'output' }];
  const size = [inputs.number('width', 1024), inputs.number('height', 1024)];
  return { values: [model, null, null, ...size], ui: { result: [file, null, null], '3d': files } };
}

async function saveGlb(inputs: Inputs, context: NodeContext): Promise<NodeResult> {
  const given = inputs.get('mesh');
  const model = given instanceof File3D ? given : new File3D('glb', glb());
  const place = await context.place(inputs.text('filename_prefix'), 'output', 0, 0);
  const filename = `${place.base}_${String(place.counter).padStart(5, '0')}_.${model.format}`;
  await context.writeFile(path.join(place.folder, filename), [model.bytes], 0);
  return { values: [], ui: { '3d': [{ filename, subfolder: place.subfolder, type: 'output' }] } };
}

/** A model that is not a path is written first: by one class to the output directory, by the others to temp. */
const preview =
  (input: string, name: string, folder: 'outputs' | 'temp'): NodeRun =>
  async (inputs, context) => {
    const value = inputs.get(input);
    if (typeof value === 'string') return { values: [], ui: { result: [value, null] } };
    const model = modelOf(inputs, input);
    const filename = `${name}_${randomUUID().replaceAll('-', '')}.${model.format}`;
    await context.writeFile(path.join(context[folder], filename), [model.bytes], 0);
    return { values: [model, null, null, 1024, 1024], ui: { result: [filename, null, null] } };
  };

const any = 'FILE_3D,FILE_3D_GLB,FILE_3D_PLY,FILE_3D_SPLAT';
const size = { width: int(1024), height: int(1024) };
const outputs = ['FILE_3D', 'LOAD3D_MODEL_INFO', 'LOAD3D_CAMERA', 'INT', 'INT'];
const saver = (name: string) => ({
  since,
  info: classInfo(name, {
    module,
    isOutput: true,
    hidden: 'none',
    required: { model_3d: link(any), filename_prefix: text('3d/ComfyUI'), ...size },
    optional: { viewport_state: link('LOAD_3D') },
    output: outputs,
  }),
  run: save,
});
const shower = (name: string, prefix: string) => ({
  since,
  info: classInfo(name, {
    module,
    isOutput: true,
    hidden: 'none',
    required: { model_3d: link(any), ...size },
    optional: { viewport_state: link('LOAD_3D') },
    output: outputs,
  }),
  run: preview('model_3d', prefix, 'temp'),
});

export const modelNodes: NodeClassEntries = {
  /** An input for the savers: `glb`, or a cloud of points. */
  FakeFile3D: {
    info: classInfo('FakeFile3D', {
      module: 'custom_nodes.scripted_faults',
      required: { format: text('glb') },
      output: ['FILE_3D', 'MESH'],
    }),
    run: (inputs) => {
      const format = inputs.text('format');
      return { values: [new File3D(format, format === 'glb' ? glb() : ply()), new Loaded('MESH', 'empty')] };
    },
  },
  MeshToFile3D: {
    since,
    info: classInfo('MeshToFile3D', {
      module,
      required: { mesh: link('MESH') },
      hidden: 'none',
      output: ['FILE_3D_GLB'],
    }),
    run: () => ({ values: [new File3D('glb', glb())] }),
  },
  SaveGLB: {
    since,
    info: classInfo('SaveGLB', {
      module,
      isOutput: true,
      required: { mesh: link(`MESH,${any}`), filename_prefix: text('3d/ComfyUI') },
    }),
    run: saveGlb,
  },
  Save3DAdvanced: saver('Save3DAdvanced'),
  SaveGaussianSplat: saver('SaveGaussianSplat'),
  SavePointCloud: saver('SavePointCloud'),
  Preview3D: {
    since,
    info: classInfo('Preview3D', {
      module,
      isOutput: true,
      hidden: 'none',
      required: { model_file: link(`STRING,${any}`) },
    }),
    run: preview('model_file', 'preview3d', 'outputs'),
  },
  Preview3DAdvanced: shower('Preview3DAdvanced', 'preview3d_advanced'),
  PreviewGaussianSplat: shower('PreviewGaussianSplat', 'preview_splat'),
  PreviewPointCloud: shower('PreviewPointCloud', 'preview_pointcloud'),
};
