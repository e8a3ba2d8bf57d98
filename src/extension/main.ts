import type { FeedEvent, FeedNotice } from '#src/domain/events/feed.ts';
import { isFinal } from '#src/domain/jobs/job.ts';
import { serverAddress } from './address.ts';
import { createArrival } from './arrival.ts';
import { openBook } from './book.ts';
import { type Fetch, openComfy } from './comfy.ts';
import { openFiles } from './files.ts';
import { createHandouts } from './handouts.ts';
import { createLabels } from './labels.ts';
import { createLive } from './live.ts';
import { openLookUp } from './look-up.ts';
import { openHidden, recall, remember } from './memory.ts';
import { openPanel } from './panel.ts';
import { createPanels } from './panels.ts';
import { watchPresses } from './presses.ts';
import { createRefusals } from './refusals.ts';
import { reportTrouble } from './reports.ts';
import { createRun } from './run.ts';
import { connectServer, failureOf, type Outputs, type ServerJob } from './server.ts';
import { filesOf } from './shapes.ts';

const ADDRESS = 'comfyume.address';
const TOKEN = 'comfyume.token';
const JOBS_SHOWN = 4;
/** A front end that tells nothing of its graph is taken as ready then. */
const GRAPH_MS = 3000;
/** Until a graph that was configured is that of the workflow that the front end takes for the active one, and in view. */
const SETTLED_MS = 250;
/** Where a front end asks its server for nothing that could fail in a way that says anything. */
const QUIET = /^\/(?:userdata|user\.css|view|i18n|global_subgraphs|workflow_templates)/;

const comfy = openComfy(Reflect.get(window, 'comfyAPI'), (line) => console.warn(line));

let graphOpened: () => void = () => undefined;
const firstGraph = new Promise<void>((resolve) => {
  graphOpened = resolve;
});
setTimeout(graphOpened, GRAPH_MS);
let onGraph = (): void => undefined;
let showPanel = (): void => undefined;

// First the settings: they say where the server is. What follows has to stand before the front end asks for its queue.
comfy.register({
  settings: [
    {
      id: ADDRESS,
      name: 'Address of the class server',
      tooltip: 'Only if it is on another site, such as https://class.example. Then reload the page.',
      defaultValue: '',
    },
    {
      id: TOKEN,
      name: 'Personal token',
      tooltip: 'Only if it is on another site. Create one there under Account, then reload the page.',
      defaultValue: '',
    },
  ],
  commands: [{ id: 'comfyume.show', label: 'Show GPU progress', icon: 'pi pi-bolt', run: () => showPanel() }],
  onGraph: () => {
    onGraph();
  },
});
begin();

function begin(): void {
  /** Who was signed in last. */
  let user: string | null = null;
  let queue = { paused: false, intakeOpen: true };
  let trouble: string | null = null;
  let notice: string | null = null;
  let announcement: Outputs['announcement']['get'] = null;

  const token = comfy.setting(TOKEN);
  const server = connectServer(
    { address: serverAddress(comfy.setting(ADDRESS), import.meta.url, window.location.href), token },
    hear,
    (standing) => {
      if (standing.is === 'here') {
        closeMessages();
        if (user !== null && user !== standing.user.id)
          setNotice('Somebody else has signed in. Reload this page to open your own ComfyUI.');
        user = standing.user.id;
        void arrive(user);
      }
      if (standing.is === 'signed-out') book.forget();
      draw();
    },
  );
  const files = openFiles(server, token !== '');
  const hidden = openHidden();
  const book = openBook(server, (before, now) => {
    for (const job of now) files.know(filesOf(job));
    labels.know(now);
    void firstGraph.then(() => arrival.follow(before, now));
    draw();
  });
  const labels = createLabels();
  const refusals = createRefusals(comfy, watchPresses());
  const run = createRun(server, refusals, {
    pressed: closeMessages,
    sent(jobId) {
      arrival.sent(jobId);
      book.refreshSoon(jobId);
    },
    kept: draw,
    refused: setTrouble,
  });
  const answerPanels = createPanels(server, book, hidden, { refused: setTrouble, notice: setNotice });
  const reports = reportTrouble(server);
  const native: Fetch =
    comfy.answerRequests((route, init) => {
      const isRun = route.replace(/\?.*/, '') === '/prompt' && init?.method?.toUpperCase() === 'POST';
      return isRun ? run.press(native, init, comfy.openName()) : answerPanels(route, init);
    }, reportRequest) ?? unreachable;
  comfy.answerAddresses(files.addressOf);
  const arrival = createArrival(comfy, book, files, refusals, createLive(comfy, server.look), native, server.now);
  const handouts = createHandouts(server, comfy, { trouble: setTrouble, notice: setNotice });
  const lookUp = openLookUp(() => panel.show());
  const panel = openPanel({
    // Leaving this page would ask whether to lose what is not saved.
    signIn: () => void window.open(`${server.address}/login`, '_blank', 'noopener'),
    cancel: (id) =>
      void server.api.jobs.cancel.mutate({ id }).then(
        () => book.refresh(),
        (error: unknown) => setTrouble(`Could not cancel it. ${failureOf(error).message}`),
      ),
    openWorkflow: handouts.open,
    closeMessages,
    runButton: comfy.runButton,
    nodeBoxes: comfy.nodeBoxes,
    now: server.now,
  });
  comfy.addSidebarTab({
    id: 'comfyume',
    title: 'Class',
    tooltip: 'Class workflows',
    icon: 'pi pi-book',
    render: handouts.render,
  });
  showPanel = panel.show;
  onGraph = () => {
    arrival.forget();
    setTimeout(() => {
      graphOpened();
      panel.makeRoom();
      void arrival.again();
    }, SETTLED_MS);
  };

  function reportRequest(method: string, route: string, outcome: string): void {
    if (!QUIET.test(route)) reports.request(method, route.replace(/\?.*/, ''), outcome);
  }
  function setTrouble(message: string): void {
    trouble = message;
    panel.show();
    draw();
  }
  function setNotice(message: string): void {
    notice = message;
    panel.show();
    draw();
  }
  function closeMessages(): void {
    trouble = null;
    notice = null;
    draw();
  }
  function draw(): void {
    const jobs = book.jobs();
    const alive = jobs.filter(({ status }) => !isFinal(status));
    const last = jobs.find(({ status }) => isFinal(status));
    const shown: ServerJob[] = [...alive].reverse().slice(0, JOBS_SHOWN);
    panel.update({
      standing: server.standing(),
      jobs: last && shown.length < JOBS_SHOWN ? [...shown, last] : shown,
      labelOf: labels.of,
      moreJobs: alive.length - shown.length,
      queue,
      kept: run.kept(),
      trouble,
      notice,
      announcement,
      httpStatus: server.httpStatus(),
    });
  }

  async function readLine(): Promise<void> {
    const { paused, intakeOpen } = await server.api.jobs.line.query();
    queue = { paused, intakeOpen };
    draw();
  }
  async function readAnnouncement(): Promise<void> {
    announcement = await server.api.announcement.get.query();
    if (announcement?.eyesOnMe) announcement.text ||= 'Please look up for a moment.';
    const id = JSON.stringify(announcement);
    // Also where the panel is closed; once it has been closed again, not before there is something new.
    if (announcement && recall('localStorage', 'announced') !== id) panel.show();
    remember('localStorage', 'announced', id);
    lookUp.show(announcement?.eyesOnMe ? { id, text: announcement.text } : null);
    draw();
    handouts.openAnnounced(announcement);
  }
  /** What cannot be read now is read again when the server is back. */
  const later = (): void => undefined;

  function hear(message: FeedEvent | FeedNotice): void {
    switch (message.type) {
      case 'feed.ready':
        void book.reread();
        readLine().catch(later);
        readAnnouncement().catch(later);
        return;
      case 'job.updated':
      case 'result.added':
      case 'phase.moved':
      case 'queue.moved':
        book.refreshSoon(message.jobId);
        return;
      case 'run.moved':
        book.moved(message.jobId, message.run);
        arrival.moved();
        draw();
        return;
      case 'line.changed':
        readLine().catch(later);
        return;
      case 'announcement.changed':
        readAnnouncement().catch(later);
        return;
    }
  }

  async function arrive(user: string): Promise<void> {
    await Promise.all([book.reread(), run.sendKept(native, user)]);
    await firstGraph;
    await arrival.again();
    await handouts.openAddressed();
  }

  draw();
  server.check();
}

function unreachable(): Promise<Response> {
  return Promise.reject(new TypeError('ComfyUI’s own server cannot be reached from here.'));
}
