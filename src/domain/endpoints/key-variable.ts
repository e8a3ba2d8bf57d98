/** What comfyume itself keeps in the environment. None of it is ever sent to an endpoint, whoever lists it. */
const OURS = /^(ADMIN|VERDA|METRICS|S3|DATABASE|BACKUP|SMTP)_/i;

/** Verda's key for endpoints, as docker/.env and OpenTofu of earlier versions call it: where it is listed it goes on. */
const INFERENCE_KEY = 'VERDA_INFERENCE_KEY';

export const isOurs = (variable: string): boolean => OURS.test(variable) && variable !== INFERENCE_KEY;

/** Why an endpoint may not take its key from this variable; null = it may. `listed`: what the machine's owner named as keys of endpoints. */
export function keyVariableFault(variable: string, listed: readonly string[]): string | null {
  if (isOurs(variable)) return `${variable} is a secret of comfyume itself and is never sent to an endpoint.`;
  if (variable.startsWith('COMFY_KEY') || listed.includes(variable)) return null;
  return `${variable} may not be sent to an endpoint. Name it in ENDPOINT_KEYS, or use a variable that begins with COMFY_KEY, then start again.`;
}
