import type { Warning } from './warning.ts';

const MAX_LINES = 5;

function sentenceOf({ nodeId, classType, message }: Warning): string {
  const sentence = /[.!?]$/.test(message) ? message : `${message}.`;
  const node = [classType, nodeId && (classType ? `(node ${nodeId})` : `Node ${nodeId}`)].filter(Boolean).join(' ');
  return node === '' ? sentence : `${node}: ${sentence}`;
}

/** What the owner of a job should know of it, one line for each node; the same line once. */
export function warningLines(warnings: readonly Warning[]): string[] {
  const lines = [...new Set(warnings.map(sentenceOf))];
  if (lines.length <= MAX_LINES) return lines;
  return [...lines.slice(0, MAX_LINES - 1), `And ${lines.length - MAX_LINES + 1} more.`];
}
