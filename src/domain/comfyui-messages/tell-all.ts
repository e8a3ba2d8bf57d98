import type { PromptFacts } from './entries.ts';
import { isBegun, type Listener, type Message, NOTHING_SAID, type PromptState, type Said, tell } from './tell.ts';

/** By prompt id. */
export type Memory = ReadonlyMap<string, Said>;

const beganAt = ({ facts }: PromptState): number => facts.startedAt ?? facts.endedAt ?? Number.POSITIVE_INFINITY;

/** The one job that a program hears of: what it heard the beginning of, else what began first. */
function activeOf(prompts: readonly PromptState[], memory: Memory): PromptState | null {
  const open = prompts.filter(({ facts }) => !memory.get(facts.promptId)?.isEnded);
  const begun = open.filter(({ facts }) => memory.get(facts.promptId)?.isStarted || isBegun(facts));
  begun.sort((a, b) => beganAt(a) - beganAt(b));
  return begun.find(({ facts }) => memory.get(facts.promptId)?.isStarted) ?? begun[0] ?? null;
}

/**
 * What a socket is told of all its jobs. ComfyUI runs one prompt after another, and programs rely on it: they hear of one job from its beginning to its end,
 * then of the next. A page can tell them apart.
 */
export function tellAll(
  prompts: readonly PromptState[],
  before: Memory,
  listener: Listener,
  now: number,
): { messages: Message[]; memory: Memory; again: number | null } {
  const memory = new Map(
    prompts.flatMap(({ facts: { promptId } }) => [[promptId, before.get(promptId) ?? NOTHING_SAID]]),
  );
  const messages: Message[] = [];
  let again: number | null = null;
  const tellOf = (prompt: PromptState): boolean => {
    const { promptId } = prompt.facts;
    const told = tell(prompt, memory.get(promptId) ?? NOTHING_SAID, listener, now);
    messages.push(...told.messages);
    memory.set(promptId, told.said);
    if (told.again !== null) again = Math.min(again ?? told.again, told.again);
    return told.said.isEnded;
  };
  if (listener === 'page') for (const prompt of prompts) tellOf(prompt);
  else for (let next = activeOf(prompts, memory); next && tellOf(next); next = activeOf(prompts, memory));
  return { messages, memory, again };
}

/** Whether a job has ended and the socket does not know: programs take a job that is in no list for lost when they are told how many are left. */
export const owesAnEnd = (prompts: readonly PromptState[], memory: Memory): boolean =>
  prompts.some(({ facts }) => facts.endedAt !== null && !memory.get(facts.promptId)?.isEnded);

/** What was told of a job, to any socket so far. */
export type Told = 'nothing' | 'start' | 'end';

/** A program that was away for longer has given up. */
const GIVEN_UP_MS = 600_000;

/** What a socket that has just opened knows: a page begins anew, a program goes on where it was, and has a moment to look for itself. */
export function firstSaid(told: Told, { endedAt }: PromptFacts, listener: Listener, openedAt: number): Said {
  if (listener === 'page') return NOTHING_SAID;
  const isLongAgo = endedAt !== null && endedAt < openedAt - GIVEN_UP_MS;
  const isStarted = told !== 'nothing';
  return { ...NOTHING_SAID, isStarted, startedAt: isStarted ? openedAt : null, isEnded: isLongAgo };
}

/** What all sockets of a job know of it now. An end counts when all have heard it, a beginning when one has. */
export function toldToAll(before: Told, sockets: readonly (Said | undefined)[]): Told {
  if (sockets.length > 0 && sockets.every((said) => said?.isEnded)) return 'end';
  return before === 'nothing' && sockets.some((said) => said?.isStarted) ? 'start' : before;
}
