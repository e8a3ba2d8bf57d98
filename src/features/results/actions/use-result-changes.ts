import { useQueryClient } from '@tanstack/react-query';
import type { ResultView } from '#src/api/views.ts';
import { counted } from '#src/domain/measures.ts';
import { notify, notifyFailure } from '#src/ui/toasts/notify.ts';
import { failureOf } from '../../api-client/failure.ts';
import { useTRPC, useTRPCClient } from '../../api-client/trpc.ts';
import { withUndo } from '../../undo/undo-history.ts';
import { useGallery } from '../cache/gallery.ts';
import { useRecount } from '../cache/use-refresh.ts';
import { type Marks, marksBefore, marksWords } from './marks.ts';

type Results = readonly ResultView[];

const IDS_AT_ONCE = 1000;

/** Changes to results: shown at once, undoable, and reverted when the server rejects them. */
export function useResultChanges() {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queryClient = useQueryClient();
  const gallery = useGallery();
  const recount = useRecount();

  async function change(
    results: Results,
    to: (result: ResultView) => ResultView,
    send: (ids: string[]) => Promise<unknown>,
  ): Promise<void> {
    const ids = results.map(({ id }) => id);
    const before = results.map((result) => gallery.store.get(result.id) ?? result);
    gallery.beginChange(ids);
    gallery.show(before.map(to));
    try {
      for (let at = 0; at < ids.length; at += IDS_AT_ONCE) await send(ids.slice(at, at + IDS_AT_ONCE));
    } catch (error) {
      gallery.show(before);
      notifyFailure(`Not changed. ${failureOf(error).sentence}`);
    }
    // When this read fails too, they are read again when they come into view.
    await gallery.endChange(ids).catch(gallery.store.expire);
    recount();
    void queryClient.invalidateQueries(trpc.results.get.pathFilter());
  }

  const say = (sentence: string, undo: () => void): void =>
    notify(sentence, { label: 'Undo', onClick: withUndo(undo) }, 'result-action');

  const sendMarks = (results: Results, marks: Marks): Promise<void> =>
    change(
      results,
      (result) => ({ ...result, ...marks }),
      (ids) => client.results.mark.mutate({ ids, ...marks }),
    );
  const sendToTrash = (results: Results): Promise<void> =>
    change(
      results,
      (result) => ({ ...result, removedAt: new Date().toISOString(), onWall: false }),
      (ids) => client.results.remove.mutate({ ids }),
    );
  const sendRestore = (results: Results): Promise<void> =>
    change(
      results,
      (result) => ({ ...result, removedAt: null }),
      (ids) => client.results.restore.mutate({ ids }),
    );
  const sendWall = (results: Results, onWall: boolean): Promise<void> =>
    change(
      results,
      (result) => ({ ...result, onWall }),
      (ids) => client.results.hang.mutate({ ids, onWall }),
    );

  const sendName = (result: ResultView, name: string): Promise<void> =>
    change(
      [result],
      (each) => ({ ...each, filename: each.filename.slice(0, each.filename.lastIndexOf('/') + 1) + name }),
      () => client.results.rename.mutate({ id: result.id, name }),
    );

  return {
    rename(result: ResultView, name: string): void {
      const before = result.filename.slice(result.filename.lastIndexOf('/') + 1);
      if (name === before) return;
      void sendName(result, name);
      say(`Renamed to ${name}.`, () => void sendName(result, before));
    },
    mark(results: Results, marks: Marks): void {
      const groups = marksBefore(results, marks);
      if (groups.length === 0) return;
      const changed = groups.flatMap((group) => group.results);
      void sendMarks(changed, marks);
      say(marksWords(changed.length, marks), () => {
        for (const group of groups) void sendMarks(group.results, group.marks);
      });
    },
    moveToTrash(results: Results): void {
      if (results.length === 0) return;
      const wasShown = results.filter(({ onWall }) => onWall);
      void sendToTrash(results);
      const them = results.length === 1 ? 'it' : 'them';
      say(`${counted(results.length, 'result')} moved to trash. You can restore ${them} for one day.`, () => {
        void sendRestore(results).then(() => (wasShown.length > 0 ? sendWall(wasShown, true) : undefined));
      });
    },
    keep(results: Results): void {
      if (results.length === 0) return;
      void change(
        results,
        (result) => ({ ...result, preview: false }),
        (ids) => Promise.all(ids.map((id) => client.results.keep.mutate({ id }))),
      );
      notify(
        results.length === 1 ? 'Kept. It is now in your results.' : `${results.length} kept in your results.`,
        undefined,
        'result-action',
      );
    },
    restore(results: Results): void {
      if (results.length === 0) return;
      void sendRestore(results);
      say(`${counted(results.length, 'result')} restored.`, () => void sendToTrash(results));
    },
    showOnWall(results: Results, onWall: boolean): void {
      const changed = results.filter((result) => result.onWall !== onWall);
      if (changed.length === 0) return;
      void sendWall(changed, onWall);
      const what = counted(changed.length, 'result');
      say(onWall ? `${what} shown on the wall.` : `${what} removed from the wall.`, () => {
        void sendWall(changed, !onWall);
      });
    },
  };
}
