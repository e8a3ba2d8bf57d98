import { randomUUID } from 'node:crypto';
import type { PromptWorker } from '../execution/prompt-worker.ts';
import type { Worker } from '../execution/worker.ts';
import { type PromptQueue, secretKeys } from '../prompt-queue.ts';
import {
  isObject,
  type Json,
  type JsonObject,
  loads,
  PythonError,
  repr,
  str,
  toFloat,
  toInt,
  truthy,
  typeName,
} from '../python.ts';
import { validatePrompt } from '../validation/validate.ts';
import { atLeast, since } from '../version.ts';
import { type Answer, empty, json } from './http.ts';
import { isCanonicalId } from './job-routes.ts';
import { type Route, route } from './routes.ts';

const parseJson = (body: Buffer): Json => loads(body.toString('utf8'));

/** `key in data` and `data[key]` of Python, for a body that may be anything. */
function getField(data: Json, key: string): Json | undefined {
  if (isObject(data)) return data[key];
  if (Array.isArray(data) || typeof data === 'string') {
    if (!data.includes(key)) return undefined;
    throw new PythonError('TypeError', 'indices must be integers');
  }
  throw new PythonError('TypeError', `argument of type '${typeName(data)}' is not iterable`);
}

const noPrompt: JsonObject = {
  type: 'no_prompt',
  message: 'No prompt provided',
  details: 'No prompt provided',
  extra_info: {},
};

const invalidId: JsonObject = {
  type: 'invalid_prompt_id',
  message: 'prompt_id must be a valid UUID',
  details:
    'prompt_id must be a UUID string in canonical lowercase hyphenated form; omit it to let the server generate one',
  extra_info: {},
};

/** Visible to nodes but not in the history. Newer servers remove it at once. */
function apart(extraData: Json, isNewer: boolean): [shown: Json, secrets: JsonObject] {
  if (!isObject(extraData)) return [extraData, {}];
  const rest: JsonObject = {};
  const secrets: JsonObject = {};
  for (const [key, value] of Object.entries(extraData)) (secretKeys.has(key) ? secrets : rest)[key] = value;
  return isNewer ? [{ ...rest, create_time: Date.now() }, secrets] : [extraData, secrets];
}

function asPrompt(value: Json): JsonObject {
  if (isObject(value)) return value;
  if (value === '' || (Array.isArray(value) && value.length === 0)) return {};
  throw new PythonError('TypeError', `'${typeName(value)}' object is not subscriptable`);
}

function withClient(data: Json): Json {
  const given = getField(data, 'extra_data');
  const client = getField(data, 'client_id');
  const extraData = given === undefined ? {} : given;
  if (client === undefined) return extraData;
  if (!isObject(extraData))
    throw new PythonError('TypeError', `'${typeName(extraData)}' object does not support item assignment`);
  return { ...extraData, client_id: client };
}

export function queueRoutes(worker: Worker, queue: PromptQueue, prompts: PromptWorker): Route[] {
  let counter = 0;

  function numberOf(data: Json): number {
    const given = getField(data, 'number');
    if (given !== undefined) return toFloat(given);
    const front = getField(data, 'front');
    const number = front !== undefined && truthy(front) ? -counter : counter;
    counter += 1;
    return number;
  }

  async function postPrompt(body: Buffer): Promise<Answer> {
    process.stderr.write('got prompt\n');
    const data = parseJson(body);
    const number = numberOf(data);
    const given = getField(data, 'prompt');
    if (given === undefined) return json({ error: noPrompt, node_errors: {} }, 400);
    const wantedId = getField(data, 'prompt_id');
    const isStrict = atLeast(worker.version, since.canonicalIds);
    if (isStrict && wantedId !== undefined && wantedId !== null && !isCanonicalId(wantedId))
      return json({ error: invalidId, node_errors: {} }, 400);
    const promptId = wantedId === undefined || (isStrict && wantedId === null) ? randomUUID() : str(wantedId);
    const targets = getField(data, 'partial_execution_targets') ?? null;
    const prompt = asPrompt(given);
    const judged = validatePrompt(prompt, targets, worker.catalog, worker, worker.setOrder);
    const extraData = withClient(data);
    if (!judged.valid) {
      process.stderr.write(`invalid prompt: ${repr(judged.error)}\n`);
      return json({ error: judged.error, node_errors: judged.nodeErrors }, 400);
    }
    const [shown, secrets] = apart(extraData, atLeast(worker.version, since.jobs));
    queue.put({ number, promptId, prompt, extraData: shown, secrets, outputs: judged.outputs });
    return json({ prompt_id: promptId, number, node_errors: judged.nodeErrors });
  }

  async function postInterrupt(body: Buffer): Promise<Answer> {
    let data: Json = {};
    try {
      data = parseJson(body);
    } catch {
      // No body, or no JSON: the real server treats that as "any prompt".
    }
    if (!isObject(data)) throw new PythonError('AttributeError', `'${typeName(data)}' object has no attribute 'get'`);
    const id = data.prompt_id;
    if (id === undefined || !truthy(id) || !atLeast(worker.version, since.interruptReadsId)) {
      worker.interrupt.wanted = true;
      return empty();
    }
    if (queue.running() === id) {
      process.stderr.write(`Interrupting prompt ${id}\n`);
      worker.interrupt.wanted = true;
    } else {
      process.stderr.write(`Prompt ${str(id)} is not currently running, skipping interrupt\n`);
    }
    return empty();
  }

  function removeAll(data: Json, clear: () => void, remove: (id: Json) => void): Answer {
    const wantsClear = getField(data, 'clear');
    if (wantsClear !== undefined && truthy(wantsClear)) clear();
    const ids = getField(data, 'delete');
    if (ids !== undefined) {
      if (!Array.isArray(ids)) throw new PythonError('TypeError', `'${typeName(ids)}' object is not iterable`);
      for (const id of ids) remove(id);
    }
    return empty();
  }

  return [
    route('GET', '/prompt', () => json({ exec_info: { queue_remaining: queue.remaining() } })),
    route('POST', '/prompt', async (_request, body) => postPrompt(await body())),
    route('GET', '/queue', () => json(queue.rows())),
    route('POST', '/queue', async (_request, body) =>
      removeAll(
        parseJson(await body()),
        () => queue.clear(),
        (id) => queue.remove(id),
      ),
    ),
    route('POST', '/interrupt', async (_request, body) => postInterrupt(await body())),
    route('POST', '/free', async (_request, body) => {
      const data = parseJson(await body());
      if (truthy(getField(data, 'free_memory') ?? false) || truthy(getField(data, 'unload_models') ?? false)) {
        prompts.free(truthy(getField(data, 'free_memory') ?? false));
      }
      return empty();
    }),
    route('GET', '/history', ({ url }) => {
      const maxItems = url.searchParams.get('max_items');
      const offset = url.searchParams.get('offset');
      return json(
        queue.history(maxItems === null ? null : Number(toInt(maxItems)), offset === null ? -1 : Number(toInt(offset))),
      );
    }),
    route('GET', '/history/{}', ({ params }) => json(queue.historyOf(params[0] ?? ''))),
    route('POST', '/history', async (_request, body) =>
      removeAll(
        parseJson(await body()),
        () => queue.forgetAll(),
        (id) => queue.forget(id),
      ),
    ),
  ];
}
