import type { NodeTable } from '../../nodes/node.ts';
import type { Catalog } from '../catalog.ts';
import type { Sockets } from '../http/sockets.ts';
import type { HistoryResult, HistoryStatus } from '../prompt-queue.ts';
import type { SetOrder } from '../validation/validate.ts';
import type { FaultGate } from './fault-gate.ts';
import type { OutputCache } from './output-cache.ts';

export type Outcome = 'success' | 'error' | 'interrupted';
export type Execution = { outcome: Outcome; result: HistoryResult; status: HistoryStatus };

export type Worker = {
  outputs: string;
  inputs: string;
  temp: string;
  pace: number;
  version: string;
  disableMetadata: boolean;
  catalog: Catalog;
  cache: OutputCache;
  sockets: Sockets;
  faults: FaultGate;
  nodes: NodeTable;
  setOrder: SetOrder;
  interrupt: { wanted: boolean };
  used: Set<string>;
};
