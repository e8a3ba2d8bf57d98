import { isObject, type Json, type JsonObject, str } from './python.ts';

export const jobStatuses = ['pending', 'in_progress', 'completed', 'failed', 'cancelled'] as const;
export type JobStatus = (typeof jobStatuses)[number];

const shown = new Set(['images', 'video', 'audio', '3d', 'text']);
const modelFile = /\.(obj|fbx|gltf|glb|usdz)$/i;
const textFile = /\.(txt|md|json)$/i;
const textLimit = 1024;

const withoutNull = (job: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(job).filter(([, value]) => value !== null));

/** One item of a node's output as the list of jobs counts it; null if it is not a file. */
function fileOf(item: Json): JsonObject | null {
  if (isObject(item)) return item;
  return typeof item === 'string' && modelFile.test(item)
    ? { filename: item, type: 'output', subfolder: '', mediaType: '3d' }
    : null;
}

const nameOf = (item: JsonObject): string => (typeof item.filename === 'string' ? item.filename : '');

function isPreviewable(media: string, item: JsonObject): boolean {
  const format = typeof item.format === 'string' ? item.format : '';
  return (
    shown.has(media) || /^(video|audio)\//.test(format) || modelFile.test(nameOf(item)) || textFile.test(nameOf(item))
  );
}

type Outputs = { count: number; previewable: number; preview: JsonObject | null };

/** Counts files, and chooses one to show: a saved one, then a temporary one, then a text file, then plain text. */
function summary(outputs: JsonObject): Outputs {
  const found: { saved?: JsonObject; other?: JsonObject; file?: JsonObject; text?: JsonObject } = {};
  let [count, previewable] = [0, 0];
  for (const [nodeId, output] of Object.entries(outputs)) {
    if (!isObject(output)) continue;
    for (const [media, items] of Object.entries(output)) {
      if (media === 'animated' || !Array.isArray(items)) continue;
      for (const given of items) {
        const item = fileOf(given);
        if (!item) {
          if (media !== 'text' || given === null) continue;
          const content = str(given);
          const cut: JsonObject = content.length > textLimit ? { truncated: true } : {};
          found.text ??= { content: content.slice(0, textLimit), ...cut, nodeId, mediaType: media };
          continue;
        }
        count += 1;
        if (!isPreviewable(media, item)) continue;
        previewable += 1;
        const entry = { mediaType: media, ...item, nodeId };
        if (media === 'text' || textFile.test(nameOf(item))) found.file ??= entry;
        else if (item.type === 'output') found.saved ??= entry;
        else found.other ??= entry;
      }
    }
  }
  return { count, previewable, preview: found.saved ?? found.other ?? found.file ?? found.text ?? null };
}

function about(row: Json): { priority: Json; id: Json; prompt: Json; extra: JsonObject; about: JsonObject } {
  const [priority = null, id = null, prompt = null, given = null] = Array.isArray(row) ? row : [];
  const extra = isObject(given) ? given : {};
  const png = isObject(extra.extra_pnginfo) ? extra.extra_pnginfo : {};
  const workflow = isObject(png.workflow) ? (png.workflow.id ?? null) : null;
  return { priority, id, prompt, extra, about: { create_time: extra.create_time ?? null, workflow_id: workflow } };
}

export function queuedJob(row: Json, status: JobStatus, whole: boolean): JsonObject {
  const { priority, id, prompt, extra, about: more } = about(row);
  const job = withoutNull({ id, status, priority, outputs_count: 0, previewable_outputs_count: 0, ...more });
  return whole ? { ...job, workflow: { prompt, extra_data: extra } } : job;
}

function ending(messages: Json | undefined): JsonObject & { interrupted: boolean } {
  const found: JsonObject & { interrupted: boolean } = { interrupted: false };
  for (const entry of Array.isArray(messages) ? messages : []) {
    if (!Array.isArray(entry) || !isObject(entry[1])) continue;
    const [event, data] = entry;
    if (event === 'execution_start') found.execution_start_time = data.timestamp ?? null;
    if (event === 'execution_error') found.execution_error = data;
    if (event === 'execution_interrupted') found.interrupted = true;
    if (event === 'execution_success' || event === 'execution_error' || event === 'execution_interrupted')
      found.execution_end_time = data.timestamp ?? null;
  }
  return found;
}

export function pastJob(entry: JsonObject, whole: boolean): JsonObject {
  const { priority, id, prompt, extra, about: more } = about(entry.prompt ?? null);
  const state = isObject(entry.status) ? entry.status : {};
  const outputs = isObject(entry.outputs) ? entry.outputs : {};
  const { count, previewable, preview } = summary(outputs);
  const { interrupted, ...end } = ending(state.messages);
  const status: JobStatus = state.status_str !== 'error' ? 'completed' : interrupted ? 'cancelled' : 'failed';
  const job = withoutNull({
    id,
    status,
    priority,
    ...end,
    outputs_count: count,
    previewable_outputs_count: previewable,
    preview_output: preview,
    ...more,
  });
  return whole ? { ...job, outputs, execution_status: state, workflow: { prompt, extra_data: extra } } : job;
}
