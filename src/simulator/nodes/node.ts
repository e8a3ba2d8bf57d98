import type { Json, JsonObject } from '../replica/python.ts';
import type { Inputs } from './inputs.ts';
import type { OutputPlace } from './output-path.ts';
import type { NodeValue } from './values.ts';
import type { Pieces } from './write-file.ts';

export type Preview = { type: 'PNG' | 'JPEG'; bytes: Buffer };

/** What one running node may use of its server. */
export type NodeContext = {
  nodeId: string;
  classType: string;
  outputs: string;
  inputs: string;
  temp: string;
  pace: number;
  /** The validated prompt, or null where metadata is switched off. */
  metadata: { prompt: JsonObject; extra: Json } | null;
  /** As `metadata`, for the node classes that ignore the switch. */
  alwaysMetadata: { prompt: JsonObject; extra: Json };
  /** Keys that came in extra_data. */
  secrets: JsonObject;
  /** Resolves when the run is in the history. */
  ended: Promise<void>;
  /** Waits this long times the pace. */
  pause(ms: number): Promise<void>;
  /** A progress step: notifies the clients, and ends the node here if the prompt was interrupted. */
  progress(value: number, max: number, preview: Preview | null): Promise<void>;
  sendText(text: string): void;
  /** True only for the first request of a name in this process. */
  firstUse(name: string): boolean;
  /** The folder and the first number for a prefix. */
  place(prefix: string, type: 'output' | 'temp', width: number, height: number): Promise<OutputPlace>;
  /** Writes the pieces one after the other, with this pause (times the pace) after each. */
  writeFile(file: string, pieces: Pieces, pauseMs: number): Promise<void>;
};

export type NodeResult = { values: NodeValue[]; ui?: JsonObject };

export type NodeRun = (inputs: Inputs, context: NodeContext) => Promise<NodeResult> | NodeResult;
export type NodeTable = { [classType: string]: NodeRun };
