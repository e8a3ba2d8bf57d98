import type { NodeErrors } from '../errors.ts';
import type { RunFailure } from './run-report.ts';

const OUT_OF_MEMORY = /out ?of ?memory|would exceed allowed memory|\bOOM\b/i;

const isOutOfMemory = ({ exceptionType, message }: RunFailure): boolean =>
  OUT_OF_MEMORY.test(exceptionType) || OUT_OF_MEMORY.test(message);

/** What stopped the node, in a few words for the participant. */
export function causeOf(failure: RunFailure): string {
  if (isOutOfMemory(failure)) return 'out of GPU memory. A smaller size or fewer frames will help.';
  const firstLine = failure.message.split('\n')[0]?.trim() ?? '';
  return firstLine.length > 300
    ? `${firstLine.slice(0, 299)}…`
    : firstLine || failure.exceptionType || 'no reason was given';
}

/** In ComfyUI's shape, so that what refused graphs can show, failed ones can too. */
export const failureAsNodeErrors = (failure: RunFailure): NodeErrors => ({
  [failure.nodeId]: {
    class_type: failure.nodeType,
    dependent_outputs: [],
    errors: [{ type: 'execution_error', message: causeOf(failure), details: failure.exceptionType, extra_info: {} }],
  },
});
