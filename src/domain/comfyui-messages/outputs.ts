import type { ResultKind } from '../file-facts.ts';
import type { ComfyuiFile } from '../files/comfyui-file.ts';

/** A file of a node. */
export type OutputFile = {
  /** Of the result. */
  readonly id: string;
  readonly nodeId: string;
  readonly kind: ResultKind;
  /** As it came from its node. */
  readonly name: string;
  readonly isPreview: boolean;
  readonly file: Readonly<Record<keyof ComfyuiFile, string>>;
  /** What it says, where that is known. */
  readonly text?: string | undefined;
};

/** What ComfyUI's nodes report, by the name of the list. */
type NodeOutput = Readonly<Record<string, readonly unknown[]>>;
type Outputs = Readonly<Record<string, NodeOutput>>;

/** ImageCompare has two lists of pictures: their previews are named by the side. */
const pictureList = ({ isPreview, name }: OutputFile): string =>
  (isPreview && { a: 'a_images', b: 'b_images' }[/^preview_([ab])_/.exec(name)?.[1] ?? '']) || 'images';

const ANIMATED_CLASSES: ReadonlySet<string> = new Set(['SaveAnimatedPNG', 'SaveAnimatedWEBP']);

/** VideoHelperSuite's own page looks for its film there, and takes it for a film or a picture by `format`. The frame beside it is not named. */
function filmsOf(files: readonly OutputFile[]): NodeOutput {
  const last = files.findLast(({ name }) => !name.endsWith('.png'));
  if (!last) return {};
  const format = `${last.kind}/${last.name.slice(last.name.lastIndexOf('.') + 1)}`;
  return { gifs: [{ ...last.file, format }] };
}

/** As the nodes of this class name what they have made. */
export function outputOf(files: readonly OutputFile[], classType = ''): NodeOutput {
  if (classType === 'VHS_VideoCombine') return filmsOf(files);
  const output: Record<string, unknown[]> = {};
  const add = (key: string, value: unknown) => {
    output[key] = [...(output[key] ?? []), value];
  };
  for (const one of files) {
    const { kind, file, isPreview, name, text } = one;
    switch (kind) {
      case 'image':
        add(pictureList(one), file);
        if (ANIMATED_CLASSES.has(classType)) output.animated = [true];
        break;
      case 'video':
        add('images', file);
        output.animated = [true];
        break;
      case 'audio':
        add('audio', file);
        break;
      case 'model':
        add('3d', file);
        // Preview3D loads the path that stands there.
        if (isPreview) output.result = [[file.subfolder, file.filename].filter(Boolean).join('/')];
        break;
      case 'other':
        if (text !== undefined) add('text', text);
        if (text === undefined || !isPreview) add(name.endsWith('.latent') ? 'latents' : 'files', file);
        break;
    }
  }
  return output;
}

export function outputsOf(files: readonly OutputFile[], classes: ReadonlyMap<string, string> = new Map()): Outputs {
  const byNode = new Map<string, OutputFile[]>();
  for (const one of files) byNode.set(one.nodeId, [...(byNode.get(one.nodeId) ?? []), one]);
  return Object.fromEntries([...byNode].map(([nodeId, own]) => [nodeId, outputOf(own, classes.get(nodeId))]));
}

const MEDIA: Record<ResultKind, string> = {
  image: 'images',
  video: 'video',
  audio: 'audio',
  model: '3d',
  other: 'files',
};
/** What a list of jobs shows of one: its last result, else its last preview. */
export function previewOutput(files: readonly OutputFile[]) {
  const last = files.findLast(({ isPreview }) => !isPreview) ?? files.at(-1);
  return last && { ...last.file, nodeId: last.nodeId, mediaType: MEDIA[last.kind] };
}
/** Those that a page can show. */
export const countPreviewable = (files: readonly OutputFile[]): number =>
  files.filter(({ kind }) => kind !== 'other').length;
