import { Comfy } from '@comfyorg/sdk';

/** The SDK of the Comfy API v2, which takes the address of its server from the environment only. */
export function comfySdk(url: string, apiKey: string): Comfy {
  const before = process.env.COMFY_BASE_URL;
  process.env.COMFY_BASE_URL = url;
  try {
    return new Comfy({ apiKey });
  } finally {
    if (before === undefined) delete process.env.COMFY_BASE_URL;
    else process.env.COMFY_BASE_URL = before;
  }
}
