import { ownName } from './preview-names.ts';

/** A result as ComfyUI's own API names it, in `/history`, over the socket and to `/view`. */
export type ComfyuiFile = {
  readonly filename: string;
  readonly subfolder: string;
  readonly type: 'output' | 'temp';
};

/** The result's path is below its owner's folder, as `/view` is asked by that owner only. Previews are of type `temp`, without the folder that hides them. */
export function comfyuiFileOf(path: string, isPreview: boolean): ComfyuiFile {
  const name = isPreview ? ownName(path) : path;
  const cut = name.lastIndexOf('/');
  return {
    filename: name.slice(cut + 1),
    subfolder: name.slice(0, Math.max(0, cut)),
    type: isPreview ? 'temp' : 'output',
  };
}
