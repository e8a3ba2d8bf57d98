import type { Comfy } from './comfy.ts';
import { button, el } from './elements.ts';
import { recall, remember } from './memory.ts';
import { failureOf, type Outputs, type Server } from './server.ts';

const WORKFLOW = 'comfyume-workflow';
const RESULT = 'comfyume-result';

type Graphs = {
  readonly workflow?: unknown;
  readonly prompt?: unknown;
  readonly exactWorkflow: string | null;
  readonly exactPrompt: string | null;
};

/** Workflows of the class, opened here: out of the list, by an address that the gallery gave, or because the operator opens one for everybody. */
export function createHandouts(
  server: Pick<Server, 'api'>,
  comfy: Pick<Comfy, 'load'>,
  notify: { trouble(message: string): void; notice(message: string): void },
) {
  const refused = (error: unknown): void => notify.trouble(`Could not open it: ${failureOf(error).message}`);

  /** ComfyUI's page wants numbers, and rounds what is beyond 2^53, as when it reads such a file itself. */
  const asNumbers = (graph: unknown, exact: string | null): unknown => (exact === null ? graph : JSON.parse(exact));
  const load = (name: string, graphs: Graphs): Promise<void> =>
    comfy.load(name, asNumbers(graphs.workflow, graphs.exactWorkflow), asNumbers(graphs.prompt, graphs.exactPrompt));

  async function open(id: string): Promise<void> {
    const { name, ...graphs } = await server.api.workflows.get.query({ id });
    await load(name, graphs);
  }
  async function openResult(id: string): Promise<void> {
    const { job } = await server.api.results.get.query({ id });
    await load(job.title, await server.api.jobs.graph.query({ id: job.id }));
  }

  return {
    open: (id: string): void => void open(id).catch(refused),

    /** Once; a reload does not open it again. */
    async openAddressed(): Promise<void> {
      const url = new URL(window.location.href);
      const [workflow, result] = [url.searchParams.get(WORKFLOW), url.searchParams.get(RESULT)];
      if (workflow === null && result === null) return;
      url.searchParams.delete(WORKFLOW);
      url.searchParams.delete(RESULT);
      window.history.replaceState(window.history.state, '', url);
      await (workflow !== null ? open(workflow) : openResult(result ?? '')).catch(refused);
    },

    /** Once in this browser, each time that the operator opens it. */
    openAnnounced(announced: Outputs['announcement']['get']): void {
      const workflow = announced?.workflow;
      if (!workflow || recall('localStorage', 'opened') === workflow.openedAt) return;
      remember('localStorage', 'opened', workflow.openedAt);
      open(workflow.id).then(
        () =>
          notify.notice(
            `The teacher opened “${workflow.name}” for everyone in a new tab. Your own workflow is still open in its tab.`,
          ),
        refused,
      );
    },

    render(into: HTMLElement): void {
      const heading = el('h2', '', 'Class workflows');
      heading.style.cssText = 'margin:0;padding:12px 8px 4px;font-size:14px;font-weight:600';
      const list = el('ul', '');
      list.setAttribute('aria-label', 'Class workflows');
      list.style.cssText = 'list-style:none;margin:0;padding:8px;display:flex;flex-direction:column;gap:4px';
      into.replaceChildren(heading, list);
      const say = (text: string): void => list.replaceChildren(el('li', '', text));
      say('Loading…');
      server.api.workflows.list.query().then(
        (workflows) => {
          if (workflows.length === 0) return say('There are no class workflows yet.');
          const buttons = workflows.map(({ id, name }) => button(name, '', () => void open(id).catch(refused)));
          for (const one of buttons)
            one.style.cssText =
              'width:100%;text-align:start;padding:6px 8px;border:1px solid currentColor;border-radius:6px;background:none;color:inherit;font:inherit;cursor:pointer';
          list.replaceChildren(...buttons.map((one) => el('li', '', one)));
        },
        (error: unknown) =>
          say(
            failureOf(error).code === 'not_signed_in'
              ? 'Sign in to see the class workflows.'
              : failureOf(error).message,
          ),
      );
    },
  };
}
