import type { ResultView } from '#src/api/views.ts';

type Named = Pick<ResultView, 'filename' | 'kind' | 'mime'>;
export type FileWords = { readonly what: string; readonly use: string };

const BY_EXTENSION: Readonly<Record<string, FileWords>> = {
  latent: {
    what: 'Latent',
    use: 'A picture before it is decoded. ComfyUI’s Load Latent node takes it up where this job left it.',
  },
  safetensors: {
    what: 'Safetensors',
    use: 'Weights or tensors, such as a LoRA or a merged model. A loader node in ComfyUI takes it from the folder of its kind.',
  },
  exr: {
    what: 'OpenEXR picture',
    use: 'A picture with more light and colour than a screen can show. Open it in a compositing or grading program.',
  },
  obj: { what: '3D model (OBJ)', use: 'Opens in Blender and other 3D programs.' },
  stl: { what: '3D model (STL)', use: 'Opens in Blender, other 3D programs and slicers for 3D printing.' },
  ply: { what: '3D model or points (PLY)', use: 'Opens in Blender and in programs for point clouds and splats.' },
  gltf: { what: '3D model (glTF)', use: 'Opens in Blender and other 3D programs.' },
  zip: { what: 'Zip archive', use: 'Files in one. Unpack it to see what is in it.' },
  json: { what: 'JSON', use: 'Text that programs read. Any text editor shows it.' },
  txt: { what: 'Text', use: 'Any text editor shows it.' },
  srt: { what: 'Subtitles', use: 'Film players and editing programs take it beside the film.' },
};

const BY_KIND: Record<ResultView['kind'], FileWords> = {
  image: { what: 'Picture', use: 'This browser cannot show it. A picture editor can.' },
  video: { what: 'Film', use: 'An editing program or a film player opens it.' },
  audio: { what: 'Sound', use: 'A sound or editing program opens it.' },
  model: { what: 'Model', use: 'It can be downloaded; nothing here can show it.' },
  other: { what: 'File', use: 'It can be downloaded; nothing here can show it.' },
};

/** What a file is and what it is good for. */
export function fileWords({ filename, kind }: Named): FileWords {
  const extension = /\.([a-z0-9]+)$/i.exec(filename)?.[1]?.toLowerCase() ?? '';
  return BY_EXTENSION[extension] ?? BY_KIND[kind];
}
