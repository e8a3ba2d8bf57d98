/** The steps of the node that runs, as they were heard: where it was first and last, and when (epoch ms). */
export type Steps = {
  readonly value: number;
  readonly max: number;
  readonly at: number;
  readonly first: { readonly value: number; readonly at: number };
};

/** The first step may load the model, so a rate needs the time of at least two after it. */
const MIN_STEPS = 2;

/** What is known once this step was heard. A count that goes back, or that has another end, is a new one. */
export function afterStep(before: Steps | null, value: number, max: number, at: number): Steps {
  const goesOn = before !== null && before.max === max && value >= before.value && at >= before.at;
  return { value, max, at, first: goesOn ? before.first : { value, at } };
}

/** When its last step is done, at the rate that was heard so far (epoch ms); null where there is none yet, or no step is left. */
export function lastStepAt({ value, max, at, first }: Steps): number | null {
  const steps = value - first.value;
  const ms = at - first.at;
  if (steps < MIN_STEPS || ms <= 0 || value >= max) return null;
  return at + ((max - value) * ms) / steps;
}
