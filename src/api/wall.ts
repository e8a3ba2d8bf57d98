import { z } from 'zod';
import { AppError } from '#src/domain/errors.ts';
import { canHave, type Derived } from '#src/domain/files/derived.ts';
import type { ResultStore } from '#src/ports/results.ts';
import type { SettingStore } from '#src/ports/settings.ts';
import { id, page, router, seeing, userProcedure } from './trpc.ts';
import type { WallView } from './views.ts';

export type WallDeps = {
  results: ResultStore;
  settings: SettingStore;
};

const user = userProcedure.use(seeing((deps): WallDeps => deps));

const NONE = 'This result is not on the wall.';

/** What participants show to the class. What it was made with, and whose jobs and files it belongs to, is told to nobody here. */
export const wall = router({
  list: user.input(z.object(page).prefault({})).query(async ({ ctx, input }) => {
    const [{ wallNames }, { items, nextCursor }] = await Promise.all([
      ctx.deps.settings.read(),
      ctx.deps.results.wall(input),
    ]);
    return {
      names: wallNames,
      items: items.map((result): WallView => {
        const { id, kind, mime, codecs, width, height, duration, owner, userId } = result;
        const made = (what: Derived, address: string) => (canHave(what, result) ? `/files/${id}/${address}` : null);
        return {
          id,
          kind,
          mime,
          codecs,
          width,
          height,
          duration,
          url: kind === 'image' || kind === 'video' || kind === 'audio' ? `/files/${id}/wall` : null,
          thumbUrl: made('thumbnail', 'wall-thumb'),
          proxyUrl: made('proxy', 'wall?proxy=1'),
          waveformUrl: made('waveform', 'wall-waveform'),
          name: wallNames ? owner : null,
          mine: userId === ctx.actor.userId,
        };
      }),
      nextCursor,
    };
  }),

  /** By the owner, or an operator. */
  takeDown: user.input(z.object({ id })).mutation(async ({ ctx, input }) => {
    const result = await ctx.deps.results.find(input.id);
    if (!result || (result.userId !== ctx.actor.userId && ctx.actor.role !== 'operator'))
      throw new AppError('not_found', NONE);
    return { changed: await ctx.deps.results.hang(result.userId, [result.id], null) };
  }),
});
