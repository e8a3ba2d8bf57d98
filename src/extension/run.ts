import { headerOfName, RUN_NAME_HEADER } from '#src/domain/comfyui-messages/run-name.ts';
import { type Graph, isRecord } from '#src/domain/workflow/graph.ts';
import { graphPart } from '#src/domain/workflow/graph-part.ts';
import type { Comfy, Fetch } from './comfy.ts';
import { sendInputs } from './inputs.ts';
import { bodyOf, inside, reply, textOr } from './json.ts';
import { recall, remember } from './memory.ts';
import { type Refusals, refusal } from './refusals.ts';
import { failureOf, type Server } from './server.ts';

/** A press of Run, ready to be sent any number of times: the same request id gives the same job. */
export type Press = {
  readonly requestId: string;
  readonly title: string;
  readonly prompt: Graph;
  readonly workflow: unknown;
};
/** `user` is null where nobody was known yet: whoever signs in on this tab. */
type Kept = Press & { readonly user: string | null };

/** More are refused: somebody who presses Run into the void a hundred times does not want a hundred jobs. */
const MAX_KEPT = 50;

/** `crypto.randomUUID` is not there on a page without https. */
const newId = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

const isGraph = (value: unknown): value is Graph =>
  isRecord(value) &&
  Object.values(value).every((node) => isRecord(node) && typeof node.class_type === 'string' && isRecord(node.inputs));

/** What ComfyUI's front end would have posted to `/prompt`; null for what it cannot have meant. */
export function pressOf(init: RequestInit | undefined, title: string, requestId: string): Press | null {
  const body = bodyOf(init);
  const prompt = inside(body, 'prompt');
  if (!isGraph(prompt)) return null;
  const targets = inside(body, 'partial_execution_targets');
  return {
    requestId,
    title: title.slice(0, 200),
    prompt: Array.isArray(targets) ? graphPart(prompt, targets.map(String)) : prompt,
    workflow: inside(body, 'extra_data', 'extra_pnginfo', 'workflow') ?? null,
  };
}

/** The type of a node that is in the graph without its class, because this ComfyUI does not have it; null where there is none. */
export function unknownNode(init: RequestInit | undefined): string | null {
  const body = bodyOf(init);
  const prompt = inside(body, 'prompt');
  const id = Object.keys(isRecord(prompt) ? prompt : {}).find((one) => !inside(prompt, one, 'class_type'));
  if (id === undefined) return null;
  const nodes = inside(body, 'extra_data', 'extra_pnginfo', 'workflow', 'nodes');
  const node: unknown = Array.isArray(nodes) && nodes.find((one: unknown) => String(inside(one, 'id')) === id);
  return textOr(inside(node, 'type'), id);
}

function keptPresses(): Kept[] {
  const kept = recall('sessionStorage', 'kept');
  return (Array.isArray(kept) ? kept : []).flatMap((one: unknown) => {
    const prompt = inside(one, 'prompt');
    const [requestId, user] = [inside(one, 'requestId'), inside(one, 'user')];
    if (!isGraph(prompt) || typeof requestId !== 'string') return [];
    const title = textOr(inside(one, 'title'), '');
    return [
      { requestId, title, prompt, workflow: inside(one, 'workflow'), user: typeof user === 'string' ? user : null },
    ];
  });
}

/** Run goes to the class. What cannot be sent now is kept, also over a reload of the page, and sent once when the server is back. */
export function createRun(
  server: Server,
  refusals: Pick<Refusals, 'answer'>,
  notify: { pressed(): void; sent(jobId: string): void; kept(): void; refused(message: string): void },
) {
  let kept = keptPresses();
  let user: string | null = null;
  let lastNumber = 0;
  const nextNumber = (): number => {
    lastNumber = Math.max(lastNumber + 1, server.now());
    return lastNumber;
  };
  /** Whether it will survive a reload. */
  const setKept = (next: readonly Kept[]): boolean => {
    kept = [...next];
    const isSafe = remember('sessionStorage', 'kept', kept);
    notify.kept();
    return isSafe;
  };
  const keep = (press: Press): boolean => {
    if (kept.length >= MAX_KEPT) return false;
    if (!setKept([...kept, { ...press, user }]))
      notify.refused('This browser has no space to save the run. Keep this page open until the class server is back.');
    return true;
  };

  async function send(native: Fetch, as: string, press: Press): Promise<string> {
    const prompt = await sendInputs(server, native, as, press.prompt);
    const { id } = await server.api.jobs.submit.mutate({
      prompt,
      workflow: press.workflow ?? undefined,
      title: press.title || undefined,
      clientRequestId: press.requestId,
    });
    notify.sent(id);
    return id;
  }

  const answerKept = (press: Press): Response =>
    keep(press)
      ? reply({ prompt_id: press.requestId, number: nextNumber(), node_errors: {} })
      : refusal(
          'comfyume_away',
          `The class server does not respond, and ${MAX_KEPT} runs are already saved. They are sent when it is back.`,
          {},
          503,
        );

  return {
    kept: () => kept.length,
    async press(native: Fetch, init: RequestInit | undefined, title: string): Promise<Response> {
      const refused = refusals.answer(bodyOf(init));
      if (refused) return refused;
      notify.pressed();
      const press = pressOf(init, title, newId());
      if (!press) {
        const unknown = unknownNode(init);
        if (unknown === null) return refusal('no_prompt', 'There is nothing to run.');
        const message = `This ComfyUI does not have the node “${unknown}”. Ask the teacher to install it, or take it out.`;
        notify.refused(message);
        return refusal('missing_node_type', message);
      }
      await server.settled;
      const standing = server.standing();
      if (standing.is === 'signed-out') {
        notify.refused('Sign in to run this.');
        return refusal('not_signed_in', 'Sign in first, with the button in the comfyume panel on this page.', {}, 401);
      }
      if (standing.is !== 'here') return answerKept(press);
      user = standing.user.id;
      try {
        const id = await send(native, user, press);
        return reply({ prompt_id: id, number: nextNumber(), node_errors: {} });
      } catch (error) {
        const { code, message, nodeErrors } = failureOf(error);
        if (code === null) {
          server.lost();
          return answerKept(press);
        }
        if (code === 'not_signed_in') server.check();
        notify.refused(message);
        const hasNodes = Object.keys(nodeErrors).length > 0;
        return refusal(hasNodes ? 'prompt_outputs_failed_validation' : code, message, nodeErrors);
      }
    },
    /** Sends what was kept, in its order, each once. What is refused now is told and not tried again. */
    async sendKept(native: Fetch, as: string): Promise<void> {
      user = as;
      // Somebody else signed in on this tab: nobody runs what another has drawn.
      const own = kept.filter((one) => one.user === null || one.user === as);
      if (own.length < kept.length) setKept(own);
      for (let [press] = kept; press; [press] = kept) {
        const sending = press;
        try {
          await send(native, as, sending);
        } catch (error) {
          const { code, message } = failureOf(error);
          if (code === null) return server.lost();
          if (code === 'not_signed_in') return server.check();
          notify.refused(message);
        }
        // More may have been kept meanwhile.
        setKept(kept.filter((one) => one !== sending));
      }
    },
  };
}

/** Tells the class server what the workflow is called that is run: jobs are found by their names. */
export function sendNames({ answerRequests, openName }: Pick<Comfy, 'answerRequests' | 'openName'>): void {
  const native: Fetch | null = answerRequests(
    (route, init) => {
      if (!native || route !== '/prompt' || init?.method !== 'POST') return null;
      const headers = { ...Object.fromEntries(new Headers(init.headers)), [RUN_NAME_HEADER]: headerOfName(openName()) };
      return native(route, { ...init, headers });
    },
    // The class server knows of its own.
    () => undefined,
  );
}
