import type { Page } from '@playwright/test';
import type { Graph } from '#src/domain/workflow/graph.ts';

/**
 * ComfyUI's page as far as an extension can tell: its `app` and `api` with the methods, the calls between them, the requests and the events that were
 * seen of real front ends (1.37, 1.45, 1.49). `hasServer`: what runs comes over a WebSocket, as from the class server. It shows on its page what they show: pictures on nodes, refusals, what runs, how runs ended, the history.
 */
function frontEnd(hasServer: boolean): void {
  const page: { comfyAPI?: unknown; extension?: { afterConfigureGraph?: () => void } } = {};
  const list = (id: string, items: readonly string[]): void =>
    document
      .getElementById(id)
      ?.replaceChildren(...items.map((text) => Object.assign(document.createElement('li'), { textContent: text })));
  const add = (id: string, text: string): void =>
    document.getElementById(id)?.append(Object.assign(document.createElement('li'), { textContent: text }));
  const say = (id: string, text: string): void => {
    const element = document.getElementById(id);
    if (element) element.textContent = text;
  };
  type NodeError = { class_type: string; errors: { message: string; details: string }[] };
  type Refused = { error: { message: string; details: string }; node_errors: Record<string, NodeError> };
  class PromptExecutionError extends Error {
    response: Refused;
    constructor(response: Refused) {
      super('Prompt execution failed');
      this.response = response;
    }
    override toString(): string {
      const { error, node_errors } = this.response;
      const nodes = Object.values(node_errors).flatMap(({ class_type, errors }) => [
        `${class_type}:`,
        ...errors.map(({ message, details }) => `- ${message}: ${details}`),
      ]);
      return [`${error.message}: ${error.details}`, ...nodes].join('\n');
    }
  }
  type Told = { sid?: string; status?: unknown; node?: string | null; display_node?: string };
  class Api extends EventTarget {
    api_base = location.pathname.split('/').slice(0, -1).join('/');
    clientId = 'tab';
    connect(): void {
      const socket = new WebSocket(`${location.origin.replace('http', 'ws')}${this.api_base}/ws`);
      socket.onopen = () =>
        socket.send(JSON.stringify({ type: 'feature_flags', data: { supports_preview_metadata: true } }));
      socket.onclose = () => void setTimeout(() => this.connect(), 300);
      socket.onmessage = ({ data }: MessageEvent) => {
        if (typeof data !== 'string') return;
        const { type, data: detail }: { type: string; data: Told } = JSON.parse(data);
        if (type === 'status') {
          this.clientId = detail.sid ?? this.clientId;
          this.dispatchCustomEvent('status', detail.status);
        } else this.dispatchCustomEvent(type, type === 'executing' ? (detail.display_node ?? detail.node) : detail);
      };
    }
    fetchApi(route: string, init?: RequestInit): Promise<Response> {
      return fetch(this.apiURL(route), { cache: 'no-cache', ...init });
    }
    apiURL(route: string): string {
      return `${this.api_base}/api${route}`;
    }
    dispatchCustomEvent(type: string, detail: unknown): boolean {
      return this.dispatchEvent(new CustomEvent(type, { detail }));
    }
    async queuePrompt(
      number: number,
      { output, workflow }: { output: unknown; workflow: unknown },
    ): Promise<{ prompt_id: string }> {
      const body = {
        client_id: this.clientId,
        prompt: output,
        extra_data: { extra_pnginfo: { workflow } },
        ...(number === -1 ? { front: true } : number !== 0 && { number }),
      };
      const response = await this.fetchApi('/prompt', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      });
      if (response.status !== 200) throw new PromptExecutionError(await response.json());
      return response.json();
    }
    async getHistory(most: number): Promise<Record<string, { status: { status_str: string } }>> {
      return (await this.fetchApi(`/history?max_items=${most}`)).json();
    }
    async getJobs(): Promise<{ jobs: { status: string; workflow_id: string | null }[] }> {
      return (
        await this.fetchApi('/jobs?status=in_progress,pending,completed,failed,cancelled&limit=200&offset=0')
      ).json();
    }
  }
  const api = new Api();
  let output: Record<string, { class_type: string }> = {};
  /** What newer front ends show on the tab of each workflow. */
  const statusOfTab = new Map<string, string>();
  const tabOf = new Map<string, string>();
  let title = 'ComfyUI';
  let currentNode = '';
  const NODE = { pos: [20, 500], size: [300, 200] };
  const app = {
    graph: {
      id: '',
      nodes: [NODE],
      getNodeById: (id: string) => (output[id] ? { type: output[id].class_type } : null),
      setDirtyCanvas: () => undefined,
    },
    canvas: { ds: { scale: 1, offset: [0, 0] } },
    registerExtension(extension: { afterConfigureGraph?: () => void }): void {
      page.extension = extension;
    },
    extensionManager: {
      setting: { get: () => '' },
      registerSidebarTab: ({ render }: { render: (into: HTMLElement | null) => void }) =>
        render(document.getElementById('tab')),
      workflow: { activeWorkflow: { filename: 'Dawn' } },
    },
    loadGraphData(
      workflow: { id: string; prompt: typeof output },
      _clean?: boolean,
      _view?: boolean,
      name?: string,
    ): void {
      output = workflow.prompt;
      app.graph.id = workflow.id;
      for (const id of ['images', 'previews', 'nodes', 'errors']) list(id, []);
      title = name ?? 'ComfyUI';
      document.title = title;
      page.extension?.afterConfigureGraph?.();
    },
    async queuePrompt(number = 0): Promise<void> {
      list('errors', []);
      const tab = app.graph.id;
      try {
        const { prompt_id } = await api.queuePrompt(number, { output, workflow: { id: tab, prompt: output } });
        tabOf.set(prompt_id, tab);
        add('toasts', 'Job queued');
      } catch (error) {
        console.error(error);
        if (!(error instanceof PromptExecutionError)) throw error;
        list('errors', [JSON.stringify(error.response)]);
      }
    },
  };
  const show = async (): Promise<void> => {
    list(
      'history',
      Object.values(await api.getHistory(64)).map(({ status }) => status.status_str),
    );
    const { jobs } = await api.getJobs();
    list(
      'jobs',
      jobs.map(({ status }) => status),
    );
    say('current', String(jobs.filter(({ workflow_id }) => workflow_id === app.graph.id).length));
  };
  type About = { detail?: { prompt_id?: string; id?: string; exception_type?: string; exception_message?: string } };
  type Executed = { detail?: { node: string; output: { images?: Record<string, string>[] } } };
  const on = (type: string, hear: (detail: NonNullable<About['detail']>) => void): void =>
    api.addEventListener(type, (event: Event & About) => hear(event.detail ?? {}));
  const status = (id: string, words: string): void => {
    statusOfTab.set(tabOf.get(id) ?? id, words);
    list(
      'tabs',
      [...statusOfTab].map(([tab, what]) => `${tab}: ${what}`),
    );
  };
  on('notification', ({ id = '' }) => status(id, 'initializing'));
  on('execution_start', ({ prompt_id = '' }) => {
    say('running', 'Total 0%');
    status(prompt_id, 'running');
  });
  for (const [type, words] of [
    ['execution_success', 'completed'],
    ['execution_error', 'failed'],
    ['execution_interrupted', 'interrupted'],
  ] as const)
    on(type, ({ prompt_id = '', exception_type, exception_message }) => {
      say('running', 'Idle');
      status(prompt_id, words);
      if (exception_type) list('errors', [`${exception_type}: ${exception_message}`]);
    });
  // What runs has a bar in its node, and its per cent in the title; the node of a subgraph shows what runs inside.
  type State = { state: string; value: number; max: number; display_node_id: string };
  const onState = (nodes: Record<string, State>): void => {
    const running = Object.values(nodes).filter(({ state }) => state === 'running');
    list(
      'nodes',
      running.map(({ display_node_id, value, max }) => `${display_node_id}: ${value} of ${max}`),
    );
    const [first] = running;
    document.title = first ? `[${Math.round((first.value / first.max) * 100)}%] ${title}` : title;
  };
  api.addEventListener('progress_state', (event: Event & { detail?: { nodes: Record<string, State> } }) => {
    if (event.detail) onState(event.detail.nodes);
  });
  api.addEventListener('executing', (event: Event & { detail?: string | null }) => {
    currentNode = event.detail ?? '';
    if (currentNode === '') onState({});
  });
  const showPreview = (id: string, blob: Blob): void => {
    const image = new Image();
    image.alt = `preview of node ${id}`;
    image.src = URL.createObjectURL(blob);
    document.getElementById('previews')?.replaceChildren(image);
  };
  api.addEventListener(
    'b_preview_with_metadata',
    (event: Event & { detail?: { blob: Blob; displayNodeId: string; jobId: string } }) => {
      if (event.detail) showPreview(event.detail.displayNodeId, event.detail.blob);
    },
  );
  // Front ends before 1.26 have only this one.
  api.addEventListener('b_preview', (event: Event & { detail?: Blob }) => {
    if (event.detail) say('old-preview', `${event.detail.type} of node ${currentNode}`);
  });
  api.addEventListener('executed', (event: Event & Executed) => {
    for (const file of event.detail?.output.images ?? []) {
      const image = new Image();
      image.alt = `node ${event.detail?.node}`;
      image.src = `${api.apiURL(`/view?${new URLSearchParams(file)}&rand=0.5`)}&t=1`;
      document.getElementById('images')?.append(image);
    }
  });
  api.addEventListener('status', () => void show());
  for (const button of document.querySelectorAll('[data-testid="queue-button"]'))
    button.addEventListener('click', () => void app.queuePrompt());
  document
    .getElementById('clear')
    ?.addEventListener('click', () => void api.fetchApi('/queue', { method: 'POST', body: '{"clear":true}' }));
  document.getElementById('forget')?.addEventListener('click', () => {
    void api.fetchApi('/history', { method: 'POST', body: '{"clear":true}' });
  });
  // A workflow that is not saved.
  window.addEventListener('beforeunload', (event) => {
    if (document.getElementById('unsaved')?.textContent === 'yes') event.preventDefault();
  });
  Object.assign(window, { comfyAPI: { app: { app }, api: { api } } });
  if (hasServer) api.connect();
}

export type Workflow = { readonly id: string; readonly prompt: Graph };

/** The page of a ComfyUI that has this graph open after loading. */
export const pageWith = (
  graph: Workflow,
  hasServer: boolean,
): string => `<!doctype html><html lang="en"><title>ComfyUI</title><link rel="icon" href="data:,"><body>
  <canvas id="graph-canvas" style="position:fixed;inset:0;width:100%;height:100%;z-index:-1"></canvas>
  <button id="queue-button" style="display:none">Queue Prompt</button>
  <div style="visibility:hidden;position:fixed;left:0;top:0"><button data-testid="queue-button">Run</button></div>
  <button data-testid="queue-button" style="position:fixed;left:400px;bottom:60px">Run</button>
  <button id="clear">Clear</button><button id="forget">Clear history</button>
  <p role="status" id="running">Idle</p><p>Of the current workflow: <span id="current">0</span></p><span id="unsaved" hidden>yes</span>
  <ul id="tabs" aria-label="Tabs"></ul><ul id="toasts" aria-label="Toasts"></ul>
  <ul id="history" aria-label="History"></ul><ul id="jobs" aria-label="Jobs"></ul><ul id="errors" aria-label="Errors"></ul>
  <ul id="nodes" aria-label="Nodes that run"></ul><div id="previews"></div><p id="old-preview"></p>
  <div id="images"></div><div id="tab"></div>
  <script>(${frontEnd.toString()})(${hasServer})</script>
  <script type="module">
    const extensions = ${hasServer} ? await (await fetch('./api/extensions')).json() : ['./extensions/comfyume/comfyume.js'];
    await Promise.all(extensions.map((path) => import(path)));
    window.comfyAPI.app.app.loadGraphData(${JSON.stringify(graph)});
    document.body.dataset.graph = 'open';
  </script></body></html>`;

/** What somebody finds on it. */
export const comfyPage = (page: Page) => ({
  /** The graph is open, and Run means it. */
  opened: page.locator('body[data-graph]'),
  panel: page.getByRole('region', { name: 'comfyume: GPU progress' }),
  lookUp: page.getByRole('dialog', { name: 'Please look up' }),
  run: page.getByRole('button', { name: 'Run', exact: true }),
  clear: page.getByRole('button', { name: 'Clear', exact: true }),
  clearHistory: page.getByRole('button', { name: 'Clear history' }),
  /** What the title and the cancel button of a front end are about. */
  running: page.locator('#running'),
  /** Jobs under the filter “Current workflow”. */
  current: page.locator('#current'),
  tabs: page.getByRole('list', { name: 'Tabs' }),
  toasts: page.getByRole('list', { name: 'Toasts' }),
  /** Changes the workflow tab. */
  open: (workflow: Workflow) =>
    page.evaluate((opened) => {
      const root: unknown = Reflect.get(window, 'comfyAPI');
      const inside = (value: unknown, key: string): unknown => Reflect.get(Object(value), key);
      const app = inside(inside(root, 'app'), 'app');
      const load = inside(app, 'loadGraphData');
      if (typeof load === 'function') Reflect.apply(load, app, [opened]);
    }, workflow),
  image: (nodeId: string) => page.getByAltText(`node ${nodeId}`, { exact: true }),
  /** The bars in nodes. */
  nodes: page.getByRole('list', { name: 'Nodes that run' }),
  preview: (nodeId: string) => page.getByAltText(`preview of node ${nodeId}`),
  oldPreview: page.locator('#old-preview'),
  history: page.getByRole('list', { name: 'History' }),
  jobs: page.getByRole('list', { name: 'Jobs' }),
  errors: page.getByRole('list', { name: 'Errors' }),
});
