import { REASONS, type Reason } from '#src/domain/jobs/job.ts';

export const BOARD_STATES = ['alive', 'waiting', 'on GPUs', 'ended', 'completed', 'failed', 'cancelled'] as const;
export type BoardState = (typeof BOARD_STATES)[number];

/** The filter of the board. It is part of the address. */
export type BoardFilter = {
  readonly state: BoardState;
  readonly userId: string | null;
  readonly endpointId: string | null;
  readonly reason: Reason | null;
  readonly words: string;
};

export const ALL_ALIVE: BoardFilter = { state: 'alive', userId: null, endpointId: null, reason: null, words: '' };

const id = (said: string | null): string | null => (said !== null && /^[\w-]{1,64}$/.test(said) ? said : null);

/** The filter in an address; invalid parts are ignored. */
export const readBoardFilter = (params: URLSearchParams): BoardFilter => ({
  state: BOARD_STATES.find((state) => state === params.get('state')) ?? 'alive',
  userId: id(params.get('person')),
  endpointId: id(params.get('endpoint')),
  reason: REASONS.find((reason) => reason === params.get('reason')) ?? null,
  words: (params.get('words') ?? '').slice(0, 100),
});

/** The address of the board with this filter. */
export function boardAddress(filter: Partial<BoardFilter>): string {
  const { state, userId, endpointId, reason, words } = { ...ALL_ALIVE, ...filter };
  const params = new URLSearchParams();
  if (state !== 'alive') params.set('state', state);
  if (userId !== null) params.set('person', userId);
  if (endpointId !== null) params.set('endpoint', endpointId);
  if (reason !== null) params.set('reason', reason);
  if (words.trim() !== '') params.set('words', words.trim());
  const text = params.toString();
  return text === '' ? '/admin/queue' : `/admin/queue?${text}`;
}

/** The filter as the server takes it. */
export const toBoardQuery = ({ words, ...filter }: BoardFilter) => ({
  ...filter,
  ...(words.trim() !== '' && { words: words.trim() }),
});
