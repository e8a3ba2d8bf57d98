import { phaseName, phaseWords } from '#src/domain/messages/phase-words.ts';
import { type QueueState, queueStateWords } from '#src/domain/messages/queue-words.ts';
import { nodeErrorLines } from '#src/domain/workflow/node-error-words.ts';
import { button, el } from './elements.ts';
import { inside } from './json.ts';
import { recall, remember } from './memory.ts';
import { LOOK } from './panel-look.ts';
import { freePlace, type PanelBox, placeOf } from './place.ts';
import type { Outputs, ServerJob, Standing } from './server.ts';

export type PanelShown = {
  readonly standing: Standing;
  /** Alive ones and the one that ended last. */
  readonly jobs: readonly ServerJob[];
  readonly labelOf: (job: ServerJob) => string;
  readonly moreJobs: number;
  readonly queue: QueueState;
  readonly kept: number;
  readonly trouble: string | null;
  /** What was done, and is good to know. */
  readonly notice: string | null;
  readonly announcement: Outputs['announcement']['get'];
  readonly httpStatus: number;
};
type Deeds = {
  readonly signIn: () => void;
  readonly cancel: (jobId: string) => void;
  readonly openWorkflow: (id: string) => void;
  readonly closeMessages: () => void;
  readonly runButton: () => PanelBox | null;
  readonly nodeBoxes: () => readonly PanelBox[];
  readonly now: () => number;
};

/** Of the page's width: where an open sidebar ends. There, at the lower edge, front ends have nothing of their own. */
const BESIDE_SIDEBAR = 0.3;
const STEP = 16;
const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
};

/** Of a graph that was refused, and of what cannot come back: more are in ComfyUI's own list, and in the gallery. */
const MAX_FAULTS = 4;
/** A panel that has not much to say yet will have more. */
const MIN_HEIGHT = 260;

/** The panel on ComfyUI's page: what our jobs do, in words. In a shadow of its own, so that neither page's styles meet the other's. */
export function openPanel(deeds: Deeds) {
  const host = document.createElement('div');
  host.id = 'comfyume-panel';
  const root = host.attachShadow({ mode: 'open' });
  const body = el('div', '');
  const said = el('p', 'said');
  said.setAttribute('role', 'status');
  const move = button('⠿', 'move', () => undefined, 'Move this panel: drag it, or use the arrow keys');
  const close = button('×', '', () => show(false), 'Close this panel');
  const section = el('section', '', el('header', '', el('h2', '', 'comfyume'), move, close), body, said);
  section.setAttribute('aria-label', 'comfyume: GPU progress');
  root.append(el('style', '', LOOK), section);
  document.body.append(host);

  let shown: PanelShown | null = null;
  let drawn = '';
  let lastSaid = '';
  const kept = recall('localStorage', 'place');
  const [left, top] = [inside(kept, 'left'), inside(kept, 'top')];
  const usual = () => ({ left: BESIDE_SIDEBAR * window.innerWidth, top: window.innerHeight });
  let isMoved = typeof left === 'number' && typeof top === 'number';
  let wish = typeof left === 'number' && typeof top === 'number' ? { left, top } : usual();

  const size = () => ({ width: host.offsetWidth, height: host.offsetHeight });
  const screen = () => ({ width: window.innerWidth, height: window.innerHeight });
  function place(): void {
    const at = placeOf(wish, size(), screen(), deeds.runButton());
    host.style.left = `${at.left}px`;
    host.style.top = `${at.top}px`;
  }
  /** A graph was opened, or the window is another: where nobody has moved it, it makes room for nodes. */
  function makeRoom(): void {
    if (host.hidden) return;
    const { width, height } = size();
    const roomy = { width, height: Math.max(height, MIN_HEIGHT) };
    if (!isMoved) wish = freePlace(usual(), roomy, screen(), deeds.runButton(), deeds.nodeBoxes());
    place();
  }
  function moveTo(next: { left: number; top: number }): void {
    isMoved = true;
    wish = next;
    place();
    remember('localStorage', 'place', wish);
  }
  function show(isShown: boolean): void {
    host.hidden = !isShown;
    remember('localStorage', 'closed', !isShown);
    if (isShown) makeRoom();
  }

  move.addEventListener('pointerdown', (down) => {
    const from = { left: host.offsetLeft - down.clientX, top: host.offsetTop - down.clientY };
    const drag = (to: PointerEvent) => moveTo({ left: from.left + to.clientX, top: from.top + to.clientY });
    move.setPointerCapture(down.pointerId);
    move.addEventListener('pointermove', drag);
    move.addEventListener('lostpointercapture', () => move.removeEventListener('pointermove', drag), { once: true });
  });
  move.addEventListener('keydown', (event) => {
    const [dx, dy] = ARROWS[event.key] ?? [0, 0];
    if (dx === 0 && dy === 0) return;
    event.preventDefault();
    event.stopPropagation();
    moveTo({ left: host.offsetLeft + dx, top: host.offsetTop + dy });
  });
  // ComfyUI's shortcuts listen to the whole page.
  section.addEventListener('keydown', (event) => event.stopPropagation());
  window.addEventListener('resize', makeRoom);

  function note(className: string, text: string, ...more: Node[]): HTMLElement {
    return el('div', `note ${className}`, el('p', '', text), ...more);
  }

  /** What a worker refused, fault by fault and with the choices that there are; else what the phase has to say. */
  function detailsOf(job: ServerJob, detail: string | null): string[] {
    const isRefused = job.reason === 'rejected_by_worker' || job.reason === 'invalid_graph';
    if (!isRefused || !job.nodeErrors) return detail === null ? [] : [detail];
    const faults = nodeErrorLines(job.nodeErrors);
    const more = faults.length - MAX_FAULTS;
    return [...faults.slice(0, MAX_FAULTS), ...(more > 0 ? [`and ${more} more`] : [])];
  }

  function jobLine(job: ServerJob, { queue, standing, httpStatus, labelOf }: PanelShown): HTMLElement {
    const { words, aside, detail } = phaseWords(job, deeds.now(), queue.paused);
    const className = job.phase === 'failed' ? 'failed' : job.phase === 'done' ? 'done' : '';
    const label = labelOf(job);
    const row = el('div', 'row', el('span', 'title', label));
    if (job.endedAt === null) row.append(button('×', '', () => deeds.cancel(job.id), `Cancel “${label}”`));
    const line = el('li', '', row, el('p', className, words));
    for (const more of [
      aside,
      ...detailsOf(job, detail),
      ...job.warnings.slice(0, MAX_FAULTS).map(({ message }) => message),
    ])
      if (more !== null) line.append(el('p', 'quiet', more));
    if (standing.is === 'here' && standing.user.role === 'operator')
      line.append(
        el('p', 'quiet', `${job.id} · ${job.endpoint ?? 'no endpoint'} · attempt ${job.attempts} · HTTP ${httpStatus}`),
      );
    return line;
  }

  function announced(announcement: NonNullable<PanelShown['announcement']>): Node[] {
    const { workflow } = announcement;
    const more = workflow ? [button(`Open “${workflow.name}”`, '', () => deeds.openWorkflow(workflow.id))] : [];
    return announcement.text === '' && more.length === 0
      ? []
      : [note(announcement.eyesOnMe ? 'loud' : '', announcement.text, ...more)];
  }

  function draw(now: PanelShown): void {
    const parts: Node[] = [];
    const { announcement, standing } = now;
    if (standing.is === 'away')
      parts.push(
        note('failed', 'The class server does not respond. Your jobs continue; this page reconnects automatically.'),
      );
    if (standing.is === 'signed-out')
      parts.push(
        note(
          '',
          'Sign in to run workflows. It opens a new tab; then come back to this one.',
          button('Sign in', 'accent', deeds.signIn),
        ),
      );
    if (announcement) parts.push(...announced(announcement));
    const queueState = queueStateWords(now.queue);
    if (queueState !== null) parts.push(note('', queueState));
    if (now.kept > 0)
      parts.push(
        note(
          '',
          `${now.kept === 1 ? 'One run is' : `${now.kept} runs are`} saved and will be sent when the server is back.`,
        ),
      );
    for (const [className, message] of [
      ['failed', now.trouble],
      ['quiet', now.notice],
    ] as const)
      if (message !== null)
        parts.push(note(className, message, button('Close', '', deeds.closeMessages, 'Close this message')));
    const list = el('ul', '', ...now.jobs.map((job) => jobLine(job, now)));
    if (now.moreJobs > 0) list.append(el('li', 'quiet', `and ${now.moreJobs} more`));
    if (list.childElementCount > 0) parts.push(list);
    if (parts.length === 0)
      parts.push(
        note(
          'quiet',
          standing.is === 'starting' ? 'Connecting to the class server.' : 'Press Run. Your jobs appear here.',
        ),
      );
    body.replaceChildren(...parts);
  }

  /** Only what has changed in kind is spoken: seconds would never be quiet. */
  function speak({ jobs, standing, labelOf }: PanelShown): void {
    const news =
      standing.is === 'away'
        ? 'The class server does not respond.'
        : jobs.map((job) => `${labelOf(job)}: ${phaseName(job)}`).join('. ');
    if (news !== lastSaid) said.textContent = news;
    lastSaid = news;
  }

  function update(next: PanelShown): void {
    shown = next;
    const words = JSON.stringify([
      next,
      next.jobs.map((job) => [next.labelOf(job), phaseWords(job, deeds.now(), next.queue.paused)]),
    ]);
    // What is pressed just now must not go before it is released.
    if (words === drawn || body.matches(':active')) return;
    drawn = words;
    const focused = root.activeElement?.getAttribute('aria-label') ?? root.activeElement?.textContent;
    draw(next);
    if (focused && !root.activeElement)
      for (const one of body.querySelectorAll('button'))
        if ((one.getAttribute('aria-label') ?? one.textContent) === focused) one.focus();
    speak(next);
    if (!host.hidden) place();
  }

  host.hidden = recall('localStorage', 'closed') === true;
  setInterval(() => {
    if (shown && !host.hidden && !document.hidden) update(shown);
  }, 1000);
  return { update, makeRoom, show: () => show(true) };
}
