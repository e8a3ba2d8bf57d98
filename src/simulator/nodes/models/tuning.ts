import type { NodeTable } from '../node.ts';

const handOn =
  (...names: string[]): NodeTable[string] =>
  (inputs) => ({ values: names.map((name) => inputs.get(name) ?? null) });

/** Nodes that tune their input; here they pass it on unchanged. */
export const tuningNodes: NodeTable = {
  LoraLoader: handOn('model', 'clip'),
  LoraLoaderModelOnly: handOn('model'),
  CLIPSetLastLayer: handOn('clip'),
  ModelSamplingSD3: handOn('model'),
  ModelSamplingFlux: handOn('model'),
  ModelSamplingAuraFlow: handOn('model'),
  CFGNorm: handOn('model'),
  FreeU_V2: handOn('model'),
  RescaleCFG: handOn('model'),
  FluxGuidance: handOn('conditioning'),
  ConditioningSetTimestepRange: handOn('conditioning'),
  ConditioningSetArea: handOn('conditioning'),
};
