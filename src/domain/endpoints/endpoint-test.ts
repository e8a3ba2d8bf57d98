/** What came of asking an endpoint how it is. */
export type EndpointAnswer =
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
export function endpointAnswerWords(
  look: EndpointAnswer,
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
        `It denied access (HTTP ${look.httpStatus})${quoted(look.said)}.`,
        apiKeyVariable === null
          ? 'It needs an API key: put it in an environment variable and enter the variable’s name here.'
          : `Check the key in ${apiKeyVariable}, then restart comfyume.`,
      );
    case 'busy':
      return ill(
        `It is busy (HTTP ${look.httpStatus}).`,
        'Try again in a moment. This is not a fault: jobs wait until it is free.',
      );
    case 'no ComfyUI':
      return ill(
        `The address answered, but not ComfyUI (HTTP ${look.httpStatus})${quoted(look.said)}.`,
        'Check the address: it should be the URL of ComfyUI’s own page.',
      );
    case 'unreachable':
      return ill(`No connection (${look.said}).`, 'Check the address and the network.');
    case 'silent':
      return ill(
        `No response within ${seconds(tookMs)}.`,
        'A cold GPU takes minutes to start: try again later. If it never responds, check the deployment.',
      );
  }
}

/** Platforms count by ten minutes. */
const STEPS_PER_HOUR = 6;
const STEP_MS = 600_000;

/** What starting one GPU costs at least. */
export function startCost(pricePerHour: number | null, currency: string): string {
  if (pricePerHour === null) return 'Its price per hour is not set, so the cost is unknown.';
  const amount = (pricePerHour / STEPS_PER_HOUR).toFixed(2);
  return `The minimum billing time of ten minutes costs ${amount} ${currency}.`;
}

/** What keeping one GPU warm for so long costs, in whole billing steps. */
export function keepWarmCost(pricePerHour: number | null, currency: string, ms: number): string {
  const steps = Math.max(1, Math.ceil(ms / STEP_MS));
  const [hours, minutes] = [Math.floor(steps / STEPS_PER_HOUR), (steps % STEPS_PER_HOUR) * 10];
  const long = [hours > 0 && `${hours} h`, minutes > 0 && `${minutes} min`].filter(Boolean).join(' ');
  if (pricePerHour === null)
    return `One GPU runs for about ${long}. Its price per hour is not set, so the cost is unknown.`;
  return `One GPU runs for about ${long}: about ${((pricePerHour * steps) / STEPS_PER_HOUR).toFixed(2)} ${currency} in total.`;
}
