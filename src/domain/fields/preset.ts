import * as z from 'zod/mini';

/** What a teacher has set for the form of a class workflow. */
export const MAX_PRESET = { fields: 60, choices: 100, choiceLength: 500, makesLength: 120 } as const;

const name = z.string().check(z.minLength(1), z.maxLength(1000));
const presetField = z
  .object({
    nodeId: name,
    input: name,
    /** Of a number. */
    least: z.optional(z.number()),
    most: z.optional(z.number()),
    /** Of a text: nothing else can be chosen. */
    choices: z.optional(
      z
        .array(z.string().check(z.maxLength(MAX_PRESET.choiceLength)))
        .check(z.minLength(1), z.maxLength(MAX_PRESET.choices)),
    ),
  })
  .check(
    z.refine(({ least, most }) => least === undefined || most === undefined || least <= most, {
      error: 'The smallest value is larger than the largest one.',
    }),
  );

export const preset = z.object({
  /** Shown at once, in this order. One that a workflow does not have any more is ignored. */
  fields: z.array(presetField).check(z.maxLength(MAX_PRESET.fields)),
  /** Whether everything else can be changed too. */
  others: z.boolean(),
});

export type Preset = z.infer<typeof preset>;
