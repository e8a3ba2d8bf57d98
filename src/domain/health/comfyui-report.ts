import { type Finding, fine, warn } from './finding.ts';

/** Where people's ComfyUI is. `containers`: another one for everybody, which we do not serve. */
export type ComfyuiPlace = {
  readonly isHttps: boolean;
  readonly origin: string | null;
  readonly port: number | null;
  readonly containers: string | null;
};

export function comfyuiReport({ isHttps, origin, port, containers }: ComfyuiPlace): Finding {
  if (containers !== null) return fine('ComfyUI', `The gallery leads to ${containers} (COMFYUI_URL).`);
  if (origin !== null) return fine('ComfyUI', `ComfyUI is at ${origin}.`);
  if (port !== null && !isHttps) return fine('ComfyUI', `ComfyUI is at port ${port}.`);
  return warn(
    'ComfyUI',
    `Nobody can open ComfyUI: ${port === null ? 'there is no port after PORT' : 'with https it needs a host of its own'}.`,
    'Set COMFYUI_ORIGIN (in docker/.env: COMFYUI_HOST) to another name of this server.',
  );
}
