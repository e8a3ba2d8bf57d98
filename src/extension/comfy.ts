import { isRecord } from '#src/domain/workflow/graph.ts';
import { workflowIdOf } from '#src/domain/workflow/workflow-id.ts';
import { textOr } from './json.ts';
import type { PanelBox } from './place.ts';

/**
 * Every touch of ComfyUI's inside is in this file, by one of these paths from `window.comfyAPI`, or is one of the marks on its page below. Each is looked
 * for when it is used; what is not there is told once in the console, and everything else goes on.
 */
export const TOUCHED = {
  fetchApi: { path: 'api.api.fetchApi', without: 'Run, queue and history are ComfyUI’s own' },
  apiURL: { path: 'api.api.apiURL', without: 'results are not shown unless the output folder is shared' },
  dispatch: { path: 'api.api.dispatchCustomEvent', without: 'results do not appear on their nodes' },
  register: {
    path: 'app.app.registerExtension',
    without: 'there are no settings, and nothing is shown after a reload',
  },
  rootGraph: { path: 'app.app.rootGraph', without: 'results do not appear on their nodes' },
  graph: { path: 'app.app.graph', without: 'results do not appear on their nodes' },
  nodeById: { path: 'app.app.graph.getNodeById', without: 'results do not appear on their nodes' },
  redraw: { path: 'app.app.graph.setDirtyCanvas', without: 'results appear late on their nodes' },
  queuePrompt: { path: 'app.app.queuePrompt', without: 'a worker’s rejection is shown as an error of its run' },
  view: { path: 'app.app.canvas.ds', without: 'the panel may cover nodes' },
  loadGraph: { path: 'app.app.loadGraphData', without: 'class workflows cannot be opened' },
  loadPrompt: { path: 'app.app.loadApiJson', without: 'class workflows cannot be opened' },
  setting: { path: 'app.app.extensionManager.setting.get', without: 'the address and the token cannot be set' },
  sidebar: { path: 'app.app.extensionManager.registerSidebarTab', without: 'there is no tab with the class workflows' },
  activeWorkflow: { path: 'app.app.extensionManager.workflow.activeWorkflow', without: 'jobs have no names' },
} as const satisfies Record<string, { path: string; without: string }>;
type Touch = keyof typeof TOUCHED;

/** Where the Run button is, in front ends from 1.3 on, and in the App mode of newer ones. */
export const RUN_BUTTON =
  '[data-testid="queue-button"], [data-testid="linear-run-button"], .queue-button-group, .comfyui-queue-button, #queue-button';

const CANVAS = '#graph-canvas';
/** A node's title lies above the place that it has. */
const TITLE_HEIGHT = 30;

/** The front end's own way of asking its server. */
export type Fetch = (route: string, init?: RequestInit) => Promise<Response>;
type Bag = Record<string, unknown>;

export type OpenGraph = {
  /** The workflow's own id; null where the front end gives none. */
  readonly id: string | null;
  /** Class of the node with this id; null = there is none. */
  typeOf(nodeId: string): string | null;
};

export type SettingSpec = {
  readonly id: string;
  readonly name: string;
  readonly tooltip: string;
  readonly defaultValue: string;
};

const isBag = (value: unknown): value is Bag => (typeof value === 'object' && value !== null) || isCall(value);
const isCall = (value: unknown): value is (...input: never[]) => unknown => typeof value === 'function';

/** Two numbers, in one of the kinds of list that litegraph uses. */
const pair = (value: unknown): readonly [number, number] =>
  isBag(value) ? [Number(value[0]), Number(value[1])] : [Number.NaN, Number.NaN];

/** ComfyUI's front end, as far as it is there. `root` is `window.comfyAPI`. */
export function openComfy(root: unknown, say: (line: string) => void) {
  const reported = new Set<Touch>();

  const find = (touch: Touch): { owner: Bag; key: string } | null => {
    const steps = TOUCHED[touch].path.split('.');
    const key = steps.pop() ?? '';
    let owner: unknown = root;
    for (const step of steps) owner = isBag(owner) ? owner[step] : undefined;
    return isBag(owner) && owner[key] !== undefined && owner[key] !== null ? { owner, key } : null;
  };
  const missing = (touch: Touch): null => {
    if (!reported.has(touch))
      say(`comfyume: this ComfyUI has no ${TOUCHED[touch].path}, so ${TOUCHED[touch].without}. Everything else works.`);
    reported.add(touch);
    return null;
  };
  const read = (touch: Touch): unknown => {
    const found = find(touch);
    return found ? found.owner[found.key] : undefined;
  };
  function call(touch: Touch, ...input: unknown[]): unknown {
    const found = find(touch);
    const method = found?.owner[found.key];
    if (!found || !isCall(method)) return missing(touch);
    return Reflect.apply(method, found.owner, input);
  }
  /** Puts `make(original)` in the place of a method. */
  function replace(touch: Touch, make: (original: (...input: unknown[]) => unknown) => unknown): boolean {
    const found = find(touch);
    const method = found?.owner[found.key];
    if (!found || !isCall(method)) {
      missing(touch);
      return false;
    }
    const { owner, key } = found;
    owner[key] = make((...input) => Reflect.apply(method, owner, input));
    return true;
  }
  const graph = (): unknown => read('rootGraph') ?? read('graph') ?? missing('graph');

  return {
    /** Puts `answer` before every request of the front end; null = ComfyUI's own server is asked. `failed` hears what that did not do. Gives the way to that server. */
    answerRequests(
      answer: (route: string, init: RequestInit | undefined) => Promise<Response> | null,
      failed: (method: string, route: string, outcome: string) => void,
    ): Fetch | null {
      let native: Fetch | null = null;
      replace('fetchApi', (original) => {
        const own: Fetch = async (route, init) => {
          const response = await original(route, init);
          if (!(response instanceof Response)) throw new TypeError('ComfyUI did not respond.');
          return response;
        };
        native = own;
        return async (route: string, init?: RequestInit) => {
          const answered = answer(route, init);
          if (answered) return answered;
          try {
            const response = await own(route, init);
            if (!response.ok) failed(init?.method ?? 'GET', route, String(response.status));
            return response;
          } catch (error) {
            failed(init?.method ?? 'GET', route, 'no answer');
            throw error;
          }
        };
      });
      return native;
    },

    /** Puts `address` before every address of the front end; null = ComfyUI's own. */
    answerAddresses(address: (route: string) => string | null): void {
      replace(
        'apiURL',
        (original) => (route: unknown) => (typeof route === 'string' ? address(route) : null) ?? original(route),
      );
    },

    /** Says what a running ComfyUI would say over its socket. */
    tell: (type: string, detail: unknown): void => void call('dispatch', type, detail),

    register: (extension: {
      settings: readonly SettingSpec[];
      commands: readonly { id: string; label: string; icon: string; run: () => void }[];
      onGraph: () => void;
    }): void => {
      call('register', {
        name: 'comfyume',
        settings: extension.settings.map((setting) => ({ ...setting, type: 'text' })),
        commands: extension.commands.map(({ run, ...command }) => ({ ...command, function: run })),
        menuCommands: [{ path: ['Extensions', 'comfyume'], commands: extension.commands.map(({ id }) => id) }],
        afterConfigureGraph: extension.onGraph,
      });
    },

    setting: (id: string): string => textOr(call('setting', id), '').trim(),

    addSidebarTab: (tab: {
      id: string;
      title: string;
      tooltip: string;
      icon: string;
      render: (into: HTMLElement) => void;
    }) => void call('sidebar', { ...tab, type: 'custom' }),

    /** The graph on the screen; null when there is none. */
    openGraph(): OpenGraph | null {
      const open = graph();
      if (!isBag(open)) return null;
      return {
        id: workflowIdOf(open),
        typeOf(nodeId) {
          const byId = open.getNodeById;
          if (!isCall(byId)) return missing('nodeById');
          const node: unknown = Reflect.apply(byId, open, [nodeId]);
          return isBag(node) ? textOr(node.comfyClass, textOr(node.type, '')) || null : null;
        },
      };
    },

    /** Where nothing runs, a front end draws nothing new until the mouse moves. */
    redraw(): void {
      const open = graph();
      if (!isBag(open)) return;
      if (isCall(open.setDirtyCanvas)) Reflect.apply(open.setDirtyCanvas, open, [true, true]);
      else missing('redraw');
    },

    /** Runs the open graph once more, under this number. False where that cannot be asked for. */
    runAgain(number: number): boolean {
      const running = call('queuePrompt', number, 1);
      // What it does not do it says on its page itself.
      if (running instanceof Promise) running.catch(() => undefined);
      return running !== null;
    },

    /** The name of the workflow on the screen; empty when it has none. */
    openName(): string {
      const active = read('activeWorkflow');
      return isBag(active) ? textOr(active.filename, '') : '';
    },

    /** Opens a workflow beside those that are open. */
    async load(name: string, workflow: unknown, prompt: unknown): Promise<void> {
      if (isRecord(workflow)) await call('loadGraph', structuredClone(workflow), true, true, name);
      else if (isRecord(prompt)) await call('loadPrompt', structuredClone(prompt), name);
    },

    /** The Run button that can be seen; null where there is none. Newer front ends keep the one of older ones, hidden. */
    runButton: (): DOMRect | null => {
      for (const button of document.querySelectorAll(RUN_BUTTON)) {
        const rect = button.getBoundingClientRect();
        if (rect.width > 0 && rect.height > 0 && button.checkVisibility({ visibilityProperty: true })) return rect;
      }
      return null;
    },

    /** Where the nodes of the graph on the screen are, in the page's pixels. */
    nodeBoxes(): PanelBox[] {
      const [open, view] = [graph(), read('view')];
      const canvas = document.querySelector(CANVAS)?.getBoundingClientRect();
      if (!isBag(open) || !isBag(view) || !canvas || !Array.isArray(open.nodes)) return [];
      const scale = Number(view.scale);
      const [dx, dy] = pair(view.offset);
      const boxes = open.nodes.map((node: unknown) => {
        const [x, y] = pair(isBag(node) && node.pos);
        const [width, height] = pair(isBag(node) && node.size);
        return {
          left: canvas.left + (x + dx) * scale,
          top: canvas.top + (y + dy - TITLE_HEIGHT) * scale,
          width: width * scale,
          height: (height + TITLE_HEIGHT) * scale,
        };
      });
      return boxes.filter(({ left, top, width, height }) => Number.isFinite(left + top + width + height));
    },
  };
}
export type Comfy = ReturnType<typeof openComfy>;
