import { isSince } from '../../endpoints/worker-version.ts';
import { type Graph, type GraphNode, isLink, type Link, linkedIds } from '../graph.ts';
import { PREVIEW_CLASSES, type PreviewClass, type ShownOutput, SWITCHES } from './preview-classes.ts';

type PreviewNode = { readonly nodeId: string; readonly classType: string };

/** A node of the sent graph that writes what a participant's node shows. */
export type PreviewWriter = PreviewNode & {
  readonly senderId: string;
  /** The sender's input that names its files; it holds a plain name. */
  readonly input: string;
};

export type Previews = {
  readonly graph: Graph;
  readonly writers: readonly PreviewWriter[];
  /** Show text that no file will hold: it is in the worker's history only, `outputs[nodeId].text`. */
  readonly inHistory: readonly PreviewNode[];
  /** Show what cannot come back. */
  readonly lost: readonly (PreviewNode & { readonly message: string })[];
};

/** SaveText is there, PreviewAny has an output, and SaveGLB takes 3D files. Seen in 0.33.0; not before 0.25.0. */
const TEXT_AND_MODELS_SINCE = '0.33';

type Part = { readonly shown: ShownOutput; readonly link: Link; readonly name: string };

/** The nodes that save what a link holds; the last one, of this id, writes the files. */
function saver({ shown, link, name }: Part, id: string, before: string): Record<string, GraphNode> {
  const save = (class_type: string, inputs: Record<string, unknown>) => ({
    [id]: { class_type, inputs: { ...inputs, filename_prefix: name } },
  });
  if (shown === 'image') return save('SaveImage', { images: link });
  if (shown === 'audio') return save('SaveAudio', { audio: link });
  if (shown === 'model') return save('SaveGLB', { mesh: link });
  if (shown === 'mask')
    return {
      [before]: { class_type: 'MaskToImage', inputs: { mask: link } },
      ...save('SaveImage', { images: [before, 0] }),
    };
  // PreviewAny puts anything into words, and never fails.
  return {
    [before]: { class_type: 'PreviewAny', inputs: { source: link } },
    ...save('SaveText', { text: [before, 0], format: 'txt' }),
  };
}

type Rule = Exclude<PreviewClass, { kind: 'lost' }>;

/** What this node shows, as far as it is linked; null where it shows what cannot be saved. */
function partsOf(nodeId: string, rule: Rule, graph: Graph): Part[] | null {
  if (rule.kind === 'output') return [{ shown: rule.shown, link: [nodeId, rule.slot], name: 'preview' }];
  const parts: Part[] = [];
  for (const [input, shown] of Object.entries(rule.inputs)) {
    const link = graph[nodeId]?.inputs[input];
    if (rule.from && !(isLink(link) && rule.from.has(`${graph[link[0]]?.class_type} ${link[1]}`))) return null;
    if (isLink(link)) parts.push({ shown, link, name: input.replace(/^(?:image_)?/, 'preview_') });
  }
  return parts;
}

/** Its switch is on already: it gives on what it would show. */
const passesOn = (rule: PreviewClass, { inputs }: GraphNode): boolean =>
  rule.kind === 'output' &&
  rule.with !== undefined &&
  Object.entries(rule.with).every(([input, value]) => inputs[input] === value);

const switchOf = ({ class_type, inputs }: GraphNode) =>
  SWITCHES.find(
    ({ classType, input, off, prefix }) =>
      (classType === null || classType === class_type) && inputs[input] === off && Object.hasOwn(inputs, prefix),
  );

/**
 * The graph in which nodes that only show have become nodes that save, or have one beside them, as far as the core's nodes can save what they show.
 * A node keeps its id where nothing hangs on its outputs.
 */
export function previewsAsSaves(graph: Graph, { version }: { readonly version: string | null }): Previews {
  const sent: Record<string, GraphNode> = { ...graph };
  const writers: PreviewWriter[] = [];
  const inHistory: PreviewNode[] = [];
  const lost: (PreviewNode & { message: string })[] = [];
  const linked = linkedIds(graph);
  let tag = 'comfyume_preview';
  while (Object.keys(graph).some((id) => id.startsWith(tag))) tag += '_';
  const canTextAndModels = isSince(version, TEXT_AND_MODELS_SINCE);
  let added = 0;

  for (const [nodeId, node] of Object.entries(graph)) {
    const own = { nodeId, classType: node.class_type };
    const toSwitch = switchOf(node);
    if (toSwitch) {
      sent[nodeId] = { ...node, inputs: { ...node.inputs, [toSwitch.input]: toSwitch.on } };
      writers.push({ ...own, senderId: nodeId, input: toSwitch.prefix });
      continue;
    }
    const rule = PREVIEW_CLASSES.get(node.class_type);
    if (!rule || passesOn(rule, node)) continue;
    const parts = rule.kind === 'lost' ? null : partsOf(nodeId, rule, graph);
    if (rule.kind === 'lost' || parts === null) {
      lost.push({ ...own, message: `What ${node.class_type} (node ${nodeId}) shows cannot be saved.` });
      continue;
    }
    const needsNewer = parts.find(({ shown }) => shown === 'text' || shown === 'model');
    if (needsNewer && !canTextAndModels) {
      if (needsNewer.shown === 'text') inHistory.push(own);
      else
        lost.push({
          ...own,
          message: `What ${node.class_type} (node ${nodeId}) shows can be saved only by ComfyUI ${TEXT_AND_MODELS_SINCE} or newer.`,
        });
      continue;
    }
    if (rule.kind === 'output') sent[nodeId] = { ...node, inputs: { ...node.inputs, ...rule.with } };
    const takesPlace = rule.kind === 'inputs' && !linked.has(nodeId);
    for (const [index, part] of parts.entries()) {
      const senderId = takesPlace && index === 0 ? nodeId : `${tag}${added++}`;
      Object.assign(sent, saver(part, senderId, `${tag}${added++}_before`));
      writers.push({ ...own, senderId, input: 'filename_prefix' });
    }
  }
  return { graph: sent, writers, inHistory, lost };
}
