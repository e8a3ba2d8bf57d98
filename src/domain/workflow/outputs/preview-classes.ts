/** What a node shows: `text` is anything at all in words, `model` a 3D file. */
export type ShownOutput = 'image' | 'mask' | 'audio' | 'model' | 'text';

export type PreviewClass =
  /** Shows what these inputs hold; `from`: only where they come from such an output, other values of the input cannot be saved. */
  | {
      readonly kind: 'inputs';
      readonly inputs: Readonly<Record<string, ShownOutput>>;
      readonly from?: ReadonlySet<string>;
    }
  /** Shows what its own output holds, given these inputs. */
  | {
      readonly kind: 'output';
      readonly slot: number;
      readonly shown: ShownOutput;
      readonly with?: Readonly<Record<string, unknown>>;
    }
  /** Nothing of what it shows can be saved. */
  | { readonly kind: 'lost' };

const shows = (inputs: Readonly<Record<string, ShownOutput>>, from?: ReadonlySet<string>): PreviewClass =>
  from ? { kind: 'inputs', inputs, from } : { kind: 'inputs', inputs };
const lost: PreviewClass = { kind: 'lost' };

/** The core's outputs that are 3D files, as far as Preview3D takes them (object_info of 0.33.0). */
const MODEL_FILES: ReadonlySet<string> = new Set([
  'MeshToFile3D 0',
  'Load3D 6',
  'Load3DAdvanced 0',
  'Preview3DAdvanced 0',
  'Save3DAdvanced 0',
]);

/** Node classes that only show, with where that is written. */
export const PREVIEW_CLASSES: ReadonlyMap<string, PreviewClass> = new Map<string, PreviewClass>([
  // ComfyUI, nodes.py and custom_nodes/websocket_image_save.py
  ['PreviewImage', shows({ images: 'image' })],
  ['SaveImageWebsocket', shows({ images: 'image' })],
  // ComfyUI, comfy_extras/nodes_mask.py, nodes_image_compare.py, nodes_audio.py, nodes_preview_any.py
  ['MaskPreview', shows({ mask: 'mask' })],
  ['ImageCompare', shows({ image_a: 'image', image_b: 'image' })],
  ['PreviewAudio', shows({ audio: 'audio' })],
  ['PreviewAny', shows({ source: 'text' })],
  // ComfyUI, comfy_extras/nodes_bounding_boxes.py, nodes_compositor.py: their first output is the picture they show.
  ['CreateBoundingBoxes', { kind: 'output', slot: 0, shown: 'image' }],
  ['ImageCompositor', { kind: 'output', slot: 0, shown: 'image' }],
  // ComfyUI, comfy_extras/nodes_load_3d.py: the first two also take the path of a file, which no node can save.
  ['Preview3D', shows({ model_file: 'model' }, MODEL_FILES)],
  ['Preview3DAnimation', shows({ model_file: 'model' }, MODEL_FILES)],
  ['Preview3DAdvanced', shows({ model_3d: 'model' })],
  ['PreviewGaussianSplat', shows({ model_3d: 'model' })],
  ['PreviewPointCloud', shows({ model_3d: 'model' })],
  // ComfyUI, comfy_extras/nodes_sam3.py, nodes_train.py: a film and a chart of their own making.
  ['SAM3_TrackPreview', lost],
  ['LossGraphNode', lost],
  // ltdrdata/ComfyUI-Impact-Pack, modules/impact/impact_pack.py, bridge_nodes.py
  ['ImageSender', shows({ images: 'image' })],
  ['LatentSender', lost],
  ['PreviewBridge', shows({ images: 'image' })],
  // rgthree/rgthree-comfy, py/image_comparer.py, display_any.py, display_int.py
  ['Image Comparer (rgthree)', shows({ image_a: 'image', image_b: 'image' })],
  ['Display Any (rgthree)', shows({ source: 'text' })],
  ['Display Int (rgthree)', shows({ input: 'text' })],
  // kijai/ComfyUI-KJNodes, nodes/image_nodes.py: the second shows a picture with a mask laid on it, or gives it on instead.
  ['PreviewImageOrMask', lost],
  ['ImageAndMaskPreview', { kind: 'output', slot: 0, shown: 'image', with: { pass_through: true } }],
  // pythongosssss/ComfyUI-Custom-Scripts, py/show_text.py
  ['ShowText|pysssss', shows({ text: 'text' })],
  // yolain/ComfyUI-Easy-Use, py/nodes/logic.py
  ['easy showAnything', shows({ anything: 'text' })],
]);

/** Save nodes with a switch that makes them write to the worker's temp folder only, and where the names of their files are given. */
export const SWITCHES: readonly {
  /** Any class, where it is null. */
  readonly classType: string | null;
  readonly input: string;
  readonly off: unknown;
  readonly on: unknown;
  readonly prefix: string;
}[] = [
  // Kosinkadink/ComfyUI-VideoHelperSuite, videohelpersuite/nodes.py
  { classType: 'VHS_VideoCombine', input: 'save_output', off: false, on: true, prefix: 'filename_prefix' },
  // yolain/ComfyUI-Easy-Use, py/nodes/image.py
  { classType: 'easy imageSave', input: 'only_preview', off: true, on: false, prefix: 'filename_prefix' },
  // Suzie1/ComfyUI_Comfyroll_CustomNodes, nodes/nodes_core.py
  { classType: 'CR Image Output', input: 'output_type', off: 'Preview', on: 'Save', prefix: 'filename_prefix' },
  // yolain/ComfyUI-Easy-Use, py/libs/utils.py (easySave), and TinyTerra/ComfyUI_tinyterraNodes, ttNpy/tinyterraNodes.py: every node with this choice.
  { classType: null, input: 'image_output', off: 'Preview', on: 'Save', prefix: 'save_prefix' },
];
