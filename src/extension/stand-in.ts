import { createArrival } from './arrival.ts';
import type { Book } from './book.ts';
import type { Comfy, Fetch } from './comfy.ts';
import { openFiles } from './files.ts';
import { createLive } from './live.ts';
import { openHidden } from './memory.ts';
import { createPanels } from './panels.ts';
import { watchPresses } from './presses.ts';
import { createRefusals } from './refusals.ts';
import { createRun } from './run.ts';
import type { Server, ServerJob } from './server.ts';
import { filesOf } from './shapes.ts';

/** Where a front end asks its server for nothing that could fail in a way that says anything. */
const QUIET = /^\/(?:userdata|user\.css|view|i18n|global_subgraphs|workflow_templates)/;

type Words = {
  pressed(): void;
  kept(): void;
  refused(message: string): void;
  notice(message: string): void;
  /** A request that ComfyUI's own server did not answer well. */
  failed(method: string, route: string, outcome: string): void;
};

/** Answers in the page for a ComfyUI server that has no GPU: what is run, listed and stopped there is the class server's, and so is what the page hears. */
export function createStandIn(server: Server, comfy: Comfy, book: Book, hasToken: boolean, words: Words) {
  const files = openFiles(server, hasToken);
  const refusals = createRefusals(comfy, watchPresses());
  const run = createRun(server, refusals, {
    pressed: words.pressed,
    sent(jobId) {
      arrival.sent(jobId);
      book.refreshSoon(jobId);
    },
    kept: words.kept,
    refused: words.refused,
  });
  const answerPanels = createPanels(server, book, openHidden(), words);
  const native: Fetch =
    comfy.answerRequests(
      (route, init) => {
        const isRun = route.replace(/\?.*/, '') === '/prompt' && init?.method?.toUpperCase() === 'POST';
        return isRun ? run.press(native, init, comfy.openName()) : answerPanels(route, init);
      },
      (method, route, outcome) => {
        if (!QUIET.test(route)) words.failed(method, route.replace(/\?.*/, ''), outcome);
      },
    ) ?? unreachable;
  comfy.answerAddresses(files.addressOf);
  const arrival = createArrival(comfy, book, files, refusals, createLive(comfy, server.look), native, server.now);

  return {
    know: (jobs: readonly ServerJob[]): void => {
      for (const job of jobs) files.know(filesOf(job));
    },
    follow: arrival.follow,
    moved: arrival.moved,
    forget: arrival.forget,
    again: arrival.again,
    kept: run.kept,
    sendKept: (user: string): Promise<void> => run.sendKept(native, user),
  };
}

function unreachable(): Promise<Response> {
  return Promise.reject(new TypeError('ComfyUI’s own server cannot be reached from here.'));
}
