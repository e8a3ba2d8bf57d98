import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { Graph } from '#src/domain/graph.ts';
import { root } from './product.ts';

/**
 * ComfyUI's page as far as an extension can tell: its `app` and `api` with the methods, the calls between them, the requests and the events that were
 * recorded of real front ends (1.37, 1.49). It shows on its page what they show: pictures on nodes, node errors, the history.
 */
function frontEnd(): void {
  const page: { comfyAPI?: unknown; extension?: { afterConfigureGraph?: () => void } } = {};
  const list = (id: string, items: readonly string[]): void =>
    document
      .getElementById(id)
      ?.replaceChildren(...items.map((text) => Object.assign(document.createElement('li'), { textContent: text })));
  class Api extends EventTarget {
    api_base = location.pathname.split('/').slice(0, -1).join('/');
    fetchApi(route: string, init?: RequestInit): Promise<Response> {
      return fetch(this.apiURL(route), { cache: 'no-cache', ...init });
    }
    apiURL(route: string): string {
      return `${this.api_base}/api${route}`;
    }
    dispatchCustomEvent(type: string, detail: unknown): boolean {
      return this.dispatchEvent(new CustomEvent(type, { detail }));
    }
    async queuePrompt(number: number, { output, workflow }: { output: unknown; workflow: unknown }): Promise<unknown> {
      const body = {
        client_id: 'tab',
        prompt: output,
        extra_data: { extra_pnginfo: { workflow } },
        ...(number === -1 && { front: true }),
      };
      const response = await this.fetchApi('/prompt', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      });
      const said: unknown = await response.json();
      if (response.status !== 200) throw Object.assign(new Error('Prompt execution failed'), { response: said });
      return said;
    }
    async getHistory(most: number): Promise<Record<string, { status: { status_str: string } }>> {
      return (await this.fetchApi(`/history?max_items=${most}`)).json();
    }
    async getJobs(): Promise<{ jobs: { status: string }[] }> {
      return (
        await this.fetchApi('/jobs?status=in_progress,pending,completed,failed,cancelled&limit=200&offset=0')
      ).json();
    }
  }
  const api = new Api();
  let output: Record<string, { class_type: string }> = {};
  const app = {
    graph: { id: '', getNodeById: (id: string) => (output[id] ? { type: output[id].class_type } : null) },
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
      list('images', []);
      document.title = name ?? 'ComfyUI';
      page.extension?.afterConfigureGraph?.();
    },
    async queuePrompt(): Promise<void> {
      list('errors', []);
      try {
        await api.queuePrompt(0, { output, workflow: { id: app.graph.id, prompt: output } });
      } catch (error) {
        if (!(error instanceof Error) || !('response' in error)) throw error;
        list('errors', [JSON.stringify(error.response)]);
      }
    },
  };
  const show = async (): Promise<void> => {
    list(
      'history',
      Object.values(await api.getHistory(64)).map(({ status }) => status.status_str),
    );
    list(
      'jobs',
      (await api.getJobs()).jobs.map(({ status }) => status),
    );
  };
  type Executed = { detail?: { node: string; output: { images?: Record<string, string>[] } } };
  api.addEventListener('executed', (event: Event & Executed) => {
    for (const file of event.detail?.output.images ?? []) {
      const image = new Image();
      image.alt = `node ${event.detail?.node}`;
      image.src = api.apiURL(`/view?${new URLSearchParams(file)}&rand=0.5`);
      document.getElementById('images')?.append(image);
    }
  });
  api.addEventListener('status', () => void show());
  document.getElementById('run')?.addEventListener('click', () => void app.queuePrompt());
  document
    .getElementById('clear')
    ?.addEventListener('click', () => void api.fetchApi('/queue', { method: 'POST', body: '{"clear":true}' }));
  Object.assign(window, { comfyAPI: { app: { app }, api: { api } } });
}

type Workflow = { readonly id: string; readonly prompt: Graph };

/** Lays ComfyUI beside the product, under the same host, as nginx does. `graph` is the one that the editor has open after loading. */
export async function layComfy(
  page: Page,
  url: string,
  { graph, inputs = {} }: { graph: Workflow; inputs?: Record<string, Buffer> },
) {
  const script = await readFile(join(root, 'docker/comfyui/custom_nodes/comfyume/web/comfyume.js'), 'utf8');
  const asked: string[] = [];
  const html = `<!doctype html><html lang="en"><title>ComfyUI</title><body>
    <button id="run" class="comfyui-queue-button" style="position:fixed;left:80px;bottom:100px">Run</button>
    <button id="clear">Clear</button>
    <ul id="history" aria-label="History"></ul><ul id="jobs" aria-label="Jobs"></ul><ul id="errors" aria-label="Errors"></ul>
    <div id="images"></div><div id="tab"></div>
    <script>(${frontEnd.toString()})()</script>
    <script type="module">
      await import('./extensions/comfyume/comfyume.js');
      window.comfyAPI.app.app.loadGraphData(${JSON.stringify(graph)});
    </script></body></html>`;
  await page.route(`${url}/comfy/ada/**`, async (route) => {
    const { pathname, searchParams } = new URL(route.request().url());
    const path = pathname.slice('/comfy/ada'.length);
    if (path === '/') return route.fulfill({ contentType: 'text/html', body: html });
    if (path.startsWith('/extensions/')) return route.fulfill({ contentType: 'text/javascript', body: script });
    const file =
      path === '/api/view' && searchParams.get('type') === 'input' && inputs[searchParams.get('filename') ?? ''];
    if (file) return route.fulfill({ contentType: 'image/png', headers: { etag: '"1"' }, body: file });
    asked.push(`${route.request().method()} ${path}`);
    return route.fulfill({ status: 404, body: '' });
  });
  const panel = page.getByRole('region', { name: 'comfyume: GPU progress' });
  return {
    panel,
    run: page.getByRole('button', { name: 'Run', exact: true }),
    clear: page.getByRole('button', { name: 'Clear' }),
    image: (nodeId: string) => page.getByAltText(`node ${nodeId}`),
    history: page.getByRole('list', { name: 'History' }),
    jobs: page.getByRole('list', { name: 'Jobs' }),
    errors: page.getByRole('list', { name: 'Errors' }),
    /** What came to ComfyUI's own server. */
    asked,
  };
}
