import type { FeedEvent, FeedNotice } from '#src/domain/events/feed.ts';
import { isFinal } from '#src/domain/jobs/job.ts';
import { isServedByClass, serverAddress } from './address.ts';
import { openBook } from './book.ts';
import { openComfy } from './comfy.ts';
import { createHandouts } from './handouts.ts';
import { createLabels } from './labels.ts';
import { openLookUp } from './look-up.ts';
import { recall, remember } from './memory.ts';
import { openPanel } from './panel.ts';
import { reportTrouble } from './reports.ts';
import { sendNames } from './run.ts';
import { connectServer, failureOf, type Outputs, type ServerJob } from './server.ts';
import { createStandIn } from './stand-in.ts';

const ADDRESS = 'comfyume.address';
const TOKEN = 'comfyume.token';
const JOBS_SHOWN = 4;
/** A front end that tells nothing of its graph is taken as ready then. */
const GRAPH_MS = 3000;
/** Until a graph that was configured is that of the workflow that the front end takes for the active one, and in view. */
const SETTLED_MS = 250;
/** Then the page's server is the class server, which knows everything itself: here are only the panel and the class workflows. */
const servedByClass = isServedByClass(import.meta.url);

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
  settings: servedByClass
    ? []
    : [
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
if (servedByClass) sendNames(comfy);
begin();

function begin(): void {
  /** Who was signed in last. */
  let user: string | null = null;
  let queue = { paused: false, intakeOpen: true };
  let trouble: string | null = null;
  let notice: string | null = null;
  let announcement: Outputs['announcement']['get'] = null;

  const set = (id: string): string => (servedByClass ? '' : comfy.setting(id));
  const token = set(TOKEN);
  const server = connectServer(
    { address: serverAddress(set(ADDRESS), import.meta.url, window.location.href), token },
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
  const book = openBook(server, (before, now) => {
    standIn?.know(now);
    labels.know(now);
    void firstGraph.then(() => standIn?.follow(before, now));
    draw();
  });
  const labels = createLabels();
  const reports = reportTrouble(server);
  const standIn = servedByClass
    ? null
    : createStandIn(server, comfy, book, token !== '', {
        pressed: closeMessages,
        kept: draw,
        refused: setTrouble,
        notice: setNotice,
        failed: reports.request,
      });
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
    standIn?.forget();
    setTimeout(() => {
      graphOpened();
      panel.makeRoom();
      void standIn?.again();
    }, SETTLED_MS);
  };

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
      kept: standIn?.kept() ?? 0,
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
        standIn?.moved();
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
    await Promise.all([book.reread(), standIn?.sendKept(user)]);
    await firstGraph;
    await standIn?.again();
    await handouts.openAddressed();
  }

  draw();
  server.check();
}
