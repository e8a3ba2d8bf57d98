import type { ResultView } from '#src/api/views.ts';

type Named = Pick<ResultView, 'filename' | 'kind' | 'mime'>;
export type FileWords = { readonly what: string; readonly use: string };

const BY_EXTENSION: Readonly<Record<string, FileWords>> = {
  latent: {
    what: 'Latent',
    use: 'A picture before it is decoded. ComfyUI’s Load Latent node continues from it.',
  },
  safetensors: {
    what: 'Safetensors',
    use: 'Weights or tensors, such as a LoRA or a merged model. A loader node in ComfyUI reads it from the matching models folder.',
  },
  exr: {
    what: 'OpenEXR picture',
    use: 'A picture with more light and colour than a screen can show. Open it in a compositing or grading program.',
  },
  obj: { what: '3D model (OBJ)', use: 'Opens in Blender and other 3D programs.' },
  stl: { what: '3D model (STL)', use: 'Opens in Blender, other 3D programs and slicers for 3D printing.' },
  ply: { what: '3D model or points (PLY)', use: 'Opens in Blender and in programs for point clouds and splats.' },
  gltf: { what: '3D model (glTF)', use: 'Opens in Blender and other 3D programs.' },
  zip: { what: 'Zip archive', use: 'Several files in one. Unpack it to see them.' },
  json: { what: 'JSON', use: 'Structured text. Any text editor opens it.' },
  txt: { what: 'Text', use: 'Any text editor opens it.' },
  srt: { what: 'Subtitles', use: 'Film players and editing programs load it alongside the film.' },
};

const BY_KIND: Record<ResultView['kind'], FileWords> = {
  image: { what: 'Picture', use: 'This browser cannot show it. Open it in a picture editor.' },
  video: { what: 'Film', use: 'Open it in an editing program or a film player.' },
  audio: { what: 'Sound', use: 'Open it in an audio or editing program.' },
  model: { what: 'Model', use: 'No preview for this kind of file. Download it to open it.' },
  other: { what: 'File', use: 'No preview for this kind of file. Download it to open it.' },
};

/** What a file is and what to use it for. */
export function fileWords({ filename, kind }: Named): FileWords {
  const extension = /\.([a-z0-9]+)$/i.exec(filename)?.[1]?.toLowerCase() ?? '';
  return BY_EXTENSION[extension] ?? BY_KIND[kind];
}
