import { useComfyui } from '../../session/use-comfyui.ts';
import { comfyAddress, type ToOpen } from './comfy-address.ts';

/** Null where this person has no ComfyUI. */
export function useComfyAddress(what: ToOpen): string | null {
  const comfyui = useComfyui();
  return comfyui === null ? null : comfyAddress(comfyui, what, window.location.href);
}
