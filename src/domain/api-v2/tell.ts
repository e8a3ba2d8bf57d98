import type { z } from 'zod';
import type { ApiJob, ApiOutput, ApiProgress, apiLogEvent, apiPreviewEvent, apiStatusEvent } from './schemas.ts';

/** One event of a job's stream: its name, and what it carries. */
export type ApiEvent =
  | { readonly event: 'status'; readonly data: z.infer<typeof apiStatusEvent> }
  | { readonly event: 'progress'; readonly data: ApiProgress }
  | { readonly event: 'output'; readonly data: ApiOutput }
  | { readonly event: 'log'; readonly data: z.infer<typeof apiLogEvent> }
  | { readonly event: 'preview'; readonly data: z.infer<typeof apiPreviewEvent> };

/** What a stream has told. */
export type StreamTold = {
  readonly status: string;
  readonly progress: string;
  readonly outputs: ReadonlySet<string>;
  readonly notes: ReadonlySet<string>;
};
export const NOTHING_TOLD: StreamTold = { status: '', progress: '', outputs: new Set(), notes: new Set() };

/** What of a job is told. */
export type Shown = Pick<ApiJob, 'status' | 'queue_position' | 'progress' | 'outputs'>;

const OVER: ReadonlySet<string> = new Set(['succeeded', 'failed', 'canceled', 'expired']);
export const isOver = ({ status }: Pick<Shown, 'status'>): boolean => OVER.has(status);

/**
 * What a stream has to be told of a job, given what it was told. Outputs that are here already are told to whoever comes later, too: a short job may have
 * them before its stream is open. The end comes last, as clients leave with it. `notes`: what its owner should know.
 */
export function tell(
  { status, queue_position, progress, outputs }: Shown,
  notes: readonly string[],
  told: StreamTold,
): { readonly events: readonly ApiEvent[]; readonly told: StreamTold } {
  const state: ApiEvent = { event: 'status', data: { status, queue_position } };
  const now = { status: JSON.stringify(state), progress: progress ? JSON.stringify(progress) : told.progress };
  const news: ApiEvent[] = now.status === told.status ? [] : [state];
  const rest: ApiEvent[] = [
    ...notes.flatMap((message): ApiEvent[] =>
      told.notes.has(message) ? [] : [{ event: 'log', data: { level: 'warning', message } }],
    ),
    ...(progress && now.progress !== told.progress ? [{ event: 'progress', data: progress } satisfies ApiEvent] : []),
    ...outputs.flatMap((data): ApiEvent[] => (told.outputs.has(data.id) ? [] : [{ event: 'output', data }])),
  ];
  return {
    events: isOver({ status }) ? [...rest, ...news] : [...news, ...rest],
    told: {
      ...now,
      outputs: new Set([...told.outputs, ...outputs.map(({ id }) => id)]),
      notes: new Set([...told.notes, ...notes]),
    },
  };
}

/** As it goes over the line: JSON has no line breaks of its own. */
export const frameOf = ({ event, data }: ApiEvent): string => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
