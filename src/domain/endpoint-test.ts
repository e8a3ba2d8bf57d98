/** What came of asking an endpoint how it is. */
export type Look =
  | {
      readonly type: 'answered';
      readonly version: string | null;
      readonly gpu: string | null;
      /** Bytes. */
      readonly vram: { readonly free: number; readonly total: number } | null;
    }
  /** It wants another key, or any. */
  | { readonly type: 'refused'; readonly httpStatus: number; readonly said: string }
  /** It has too much to do just now. */
  | { readonly type: 'busy'; readonly httpStatus: number }
  /** Something else lives at this address. */
  | { readonly type: 'no ComfyUI'; readonly httpStatus: number; readonly said: string }
  | { readonly type: 'unreachable'; readonly said: string }
  | { readonly type: 'silent' };

const GIB = 1024 ** 3;
const gib = (bytes: number): string => `${Math.round(bytes / GIB)} GiB`;
const seconds = (ms: number): string => `${ms < 10_000 ? (ms / 1000).toFixed(1) : Math.round(ms / 1000)} s`;

const quoted = (said: string): string => (said === '' ? '' : `: ${said.replace(/\.$/, '')}`);

/** What an operator is told of it. `well` = jobs can go there. */
export function lookWords(
  look: Look,
  { tookMs, apiKeyVariable }: { readonly tookMs: number; readonly apiKeyVariable: string | null },
): { well: boolean; sentence: string; doThis: string | null } {
  const ill = (sentence: string, doThis: string) => ({ well: false, sentence, doThis });
  switch (look.type) {
    case 'answered': {
      const gpu = look.gpu === null ? '' : `, ${look.gpu}`;
      const vram = look.vram ? `, ${gib(look.vram.free)} of ${gib(look.vram.total)} free` : '';
      return {
        well: true,
        sentence: `ComfyUI ${look.version ?? '(of an unknown version)'} answered after ${seconds(tookMs)}${gpu}${vram}.`,
        doThis: null,
      };
    }
    case 'refused':
      return ill(
        `It refused us (HTTP ${look.httpStatus})${quoted(look.said)}.`,
        apiKeyVariable === null
          ? 'It wants a key: put one into an environment variable, and name that variable here.'
          : `Look at the key in ${apiKeyVariable}, then start comfyume again.`,
      );
    case 'busy':
      return ill(
        `It is busy (HTTP ${look.httpStatus}).`,
        'Try again in a moment. Jobs wait for it by themselves; that is no fault.',
      );
    case 'no ComfyUI':
      return ill(
        `The address answered, but not ComfyUI (HTTP ${look.httpStatus})${quoted(look.said)}.`,
        'Look at the address: it is the one at which ComfyUI’s own page would open.',
      );
    case 'unreachable':
      return ill(`There was no connection (${look.said}).`, 'Look at the address and at the network between.');
    case 'silent':
      return ill(
        `No answer within ${seconds(tookMs)}.`,
        'A GPU that starts cold takes minutes: try again in a while. If that never helps, look at the deployment.',
      );
  }
}

/** Platforms count by ten minutes. */
const BILLING_STEP_HOURS = 1 / 6;

/** What waking one GPU costs at least. */
export function wakingCost(pricePerHour: number | null, currency: string): string {
  if (pricePerHour === null) return 'Its price per hour is not set here, so what that costs cannot be told.';
  const amount = (pricePerHour * BILLING_STEP_HOURS).toFixed(2);
  return `Ten minutes, the least that is billed, cost ${amount} ${currency}.`;
}
