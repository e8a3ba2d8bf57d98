import { fileSize } from '../measures.ts';
import { MAX_BYTES, MAX_FILE_BYTES, MAX_FILES } from './front-end.ts';

/** Why an endpoint's page could not be read; what was read before stays. */
export type CaptureFault =
  /** No connection, or no answer in time. */
  | { readonly type: 'unreachable'; readonly said: string }
  /** Somebody else than ComfyUI's page answered. */
  | { readonly type: 'no_page'; readonly path: string; readonly httpStatus: number; readonly said: string }
  /** Requests were answered by workers of different versions, each time. */
  | { readonly type: 'mixed'; readonly attempts: number }
  /** A file that the page needs could not be had. */
  | { readonly type: 'file'; readonly path: string; readonly problem: FileProblem }
  | { readonly type: 'too_many_files' }
  | { readonly type: 'too_many_bytes' }
  | { readonly type: 'timeout'; readonly minutes: number }
  /** What was read was not kept here, with a sentence of its own. */
  | { readonly type: 'not_kept'; readonly said: string };

export type FileProblem = 'missing' | 'web_page' | 'too_large' | 'unreadable';

const PROBLEMS: Readonly<Record<FileProblem, string>> = {
  missing: 'was not found',
  web_page: 'is a web page instead of a script or style sheet',
  too_large: `has more than ${fileSize(MAX_FILE_BYTES)}`,
  unreadable: 'could not be read to its end',
};

/** What an operator is told of it. */
export function captureWords(fault: CaptureFault): { sentence: string; doThis: string } {
  switch (fault.type) {
    case 'unreachable':
      return { sentence: `No connection (${fault.said}).`, doThis: 'Check the address and the network.' };
    case 'no_page':
      return {
        sentence: `${fault.path} was not answered by ComfyUI (HTTP ${fault.httpStatus}${fault.said === '' ? '' : `: ${fault.said}`}).`,
        doThis: 'Check that the workers serve ComfyUI’s page, or set COMFYUI_FRONTEND.',
      };
    case 'mixed':
      return {
        sentence: `The workers have different versions of ComfyUI: in ${fault.attempts} attempts not all files were of the same version.`,
        doThis: 'Refresh again when all workers are updated, or set COMFYUI_FRONTEND.',
      };
    case 'file':
      return {
        sentence: `${fault.path} ${PROBLEMS[fault.problem]}.`,
        doThis: 'Refresh again. If this repeats, set COMFYUI_FRONTEND.',
      };
    case 'too_many_files':
      return {
        sentence: `Its page has more than ${MAX_FILES} files.`,
        doThis: 'Remove node packs from the workers, or set COMFYUI_FRONTEND.',
      };
    case 'too_many_bytes':
      return {
        sentence: `Its page has more than ${fileSize(MAX_BYTES)}.`,
        doThis: 'Remove node packs from the workers, or set COMFYUI_FRONTEND.',
      };
    case 'timeout':
      return { sentence: `It took more than ${fault.minutes} min.`, doThis: 'Refresh again when less is going on.' };
    case 'not_kept':
      return { sentence: fault.said, doThis: 'Fix this, then refresh again.' };
  }
}
