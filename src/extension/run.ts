import type { Graph } from '#src/domain/graph.ts';
import { graphPart } from '#src/domain/graph-part.ts';
import type { Fetch } from './comfy.ts';
import { sendInputs } from './inputs.ts';
import { bodyOf, inside, isObject, textOr } from './json.ts';
import { recall, remember } from './memory.ts';
import { failureOf, type Server } from './server.ts';

/** A press of Run, ready to be sent any number of times: the same request id gives the same job. */
export type Press = {
  readonly requestId: string;
  readonly title: string;
  readonly prompt: Graph;
  readonly workflow: unknown;
};

/** More are refused: somebody who presses Run into the void a hundred times does not want a hundred jobs. */
const MOST_KEPT = 50;

/** `crypto.randomUUID` is not there on a page without https. */
const newId = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

const json = (body: unknown, status = 200): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });

const refusal = (type: string, message: string, nodeErrors: unknown = {}, status = 400): Response =>
  json({ error: { type, message, details: '', extra_info: {} }, node_errors: nodeErrors }, status);

const isGraph = (value: unknown): value is Graph =>
  isObject(value) &&
  Object.values(value).every((node) => isObject(node) && typeof node.class_type === 'string' && isObject(node.inputs));

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

function keptPresses(): Press[] {
  const kept = recall('sessionStorage', 'kept');
  return (Array.isArray(kept) ? kept : []).flatMap((one: unknown) => {
    const prompt = inside(one, 'prompt');
    const requestId = inside(one, 'requestId');
    return isGraph(prompt) && typeof requestId === 'string'
      ? [{ requestId, title: textOr(inside(one, 'title'), ''), prompt, workflow: inside(one, 'workflow') }]
      : [];
  });
}

/** Run goes to the class. What cannot be sent now is kept, also over a reload of the page, and sent once when the server is back. */
export function createRun(
  server: Server,
  told: { sent(jobId: string): void; kept(): void; refused(message: string): void },
) {
  let kept = keptPresses();
  const save = () => {
    remember('sessionStorage', 'kept', kept);
    told.kept();
  };
  const keep = (press: Press): boolean => {
    if (kept.length >= MOST_KEPT) return false;
    kept = [...kept, press];
    save();
    return true;
  };

  async function send(native: Fetch, user: string, press: Press): Promise<string> {
    const prompt = await sendInputs(server, native, user, press.prompt);
    const { id } = await server.api.jobs.submit.mutate({
      prompt,
      workflow: press.workflow ?? undefined,
      title: press.title || undefined,
      clientRequestId: press.requestId,
    });
    told.sent(id);
    return id;
  }

  const answerKept = (press: Press): Response =>
    keep(press)
      ? json({ prompt_id: press.requestId, number: 0, node_errors: {} })
      : refusal(
          'comfyume_away',
          `The class’s server does not answer, and ${MOST_KEPT} runs are kept already. They go out when it is back.`,
          {},
          503,
        );

  return {
    kept: () => kept.length,
    async press(native: Fetch, init: RequestInit | undefined, title: string): Promise<Response> {
      const press = pressOf(init, title, newId());
      if (!press) return refusal('no_prompt', 'There is nothing to run.');
      await server.settled;
      const standing = server.standing();
      if (standing.is === 'signed-out') {
        told.refused('Sign in to run this.');
        return refusal(
          'not_signed_in',
          'Sign in to the class first: the button is in the comfyume panel on this page.',
          {},
          401,
        );
      }
      if (standing.is !== 'here') return answerKept(press);
      try {
        const id = await send(native, standing.user.id, press);
        return json({ prompt_id: id, number: server.now(), node_errors: {} });
      } catch (error) {
        const { code, message, nodeErrors } = failureOf(error);
        if (code !== null) {
          if (code === 'not_signed_in') server.check();
          told.refused(message);
          return refusal(
            Object.keys(nodeErrors).length > 0 ? 'prompt_outputs_failed_validation' : code,
            message,
            nodeErrors,
          );
        }
        server.check();
        // A file that was not taken says so itself; only silence means that the server is away.
        if (error instanceof Error && error.name === 'Error') {
          told.refused(error.message);
          return refusal('invalid_input', error.message);
        }
        return answerKept(press);
      }
    },
    /** Sends what was kept, in its order, each once. What is refused now is told and not tried again. */
    async sendKept(native: Fetch, user: string): Promise<void> {
      while (kept.length > 0) {
        const [press, ...rest] = kept;
        if (!press) return;
        try {
          await send(native, user, press);
        } catch (error) {
          const { code, message } = failureOf(error);
          if (code === null) return;
          told.refused(message);
        }
        kept = rest;
        save();
      }
    },
  };
}
