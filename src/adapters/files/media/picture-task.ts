import { z } from 'zod';

const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);

/** What a picture process is asked. A picture is a file, or its bytes. */
export const pictureTask = z.discriminatedUnion('type', [
  z.object({ type: z.literal('measure'), file: z.string() }),
  z.object({ type: z.literal('shrink'), picture: z.union([z.string(), bytes]) }),
  z.object({ type: z.literal('pack'), picture: bytes }),
  z.object({
    type: z.literal('convert'),
    file: z.string(),
    format: z.enum(['png', 'webp', 'jpeg']),
    quality: z.number(),
    channel: z.enum(['rgb', 'a', 'rgba']),
  }),
  z.object({ type: z.literal('mask'), file: z.string(), mask: bytes }),
  z.object({
    type: z.literal('sheet'),
    sheet: z.object({
      title: z.string(),
      note: z.string(),
      pictures: z.array(z.object({ thumbnail: z.string().nullable(), name: z.string(), note: z.string() })),
    }),
  }),
]);
export type PictureTask = z.infer<typeof pictureTask>;

export const pictureAnswer = z.discriminatedUnion('type', [
  z.object({ type: z.literal('done'), made: z.unknown() }),
  z.object({ type: z.literal('failed'), why: z.string() }),
]);
export type PictureAnswer = z.infer<typeof pictureAnswer>;
