import type { CaptureFault } from '#src/domain/front-end/capture-words.ts';
import type { FrontEnd, FrontEndFile, Gathered } from '#src/domain/front-end/front-end.ts';
import type { ToldModels } from '#src/domain/node-catalogue/catalogue.ts';
import type { Endpoint } from '../endpoints.ts';

/** The pages of all endpoints, as files of ours. */
export interface FrontEndStore {
  /** Keeps bytes by their hash. */
  put(bytes: Uint8Array): Promise<string>;
  /** Null = they are not there any more. */
  read(file: FrontEndFile): Promise<Uint8Array | null>;
  /** By endpoint: the page that was kept last, and the one before it. */
  all(): Promise<ReadonlyMap<string, { readonly current: FrontEnd; readonly previous: FrontEnd | null }>>;
  /** In the place of what was kept of this endpoint, whole or not at all. One of another key leaves the earlier one beside it. */
  keep(endpointId: string, frontEnd: FrontEnd): Promise<void>;
  /** Deletes the pages of endpoints that are not among these, and files that nobody names. */
  cleanUp(endpointIds: readonly string[], besides: readonly FrontEndFile[]): Promise<void>;
}

type Asked = Pick<Endpoint, 'url' | 'apiKeyVariable' | 'capacity'>;

/** What was read of an endpoint's nodes beside its page. */
export type CapturedNodes = {
  /** The body of `GET /object_info`. */
  readonly objectInfo: string;
  readonly models: readonly ToldModels[];
  readonly replaced: readonly string[];
};

export type CaptureOutcome =
  | { readonly type: 'captured'; readonly frontEnd: FrontEnd; readonly nodes: CapturedNodes }
  | { readonly type: 'failed'; readonly fault: CaptureFault };

/** Reads ComfyUI's page from whichever replicas answer. Each call may start a GPU where none is up. */
export interface FrontEndReader {
  /** The key of the page that is there now. */
  key(endpoint: Asked, signal: AbortSignal): Promise<{ readonly key: string } | { readonly fault: CaptureFault }>;
  /** `wanted`: paths that are read too, where they are there. */
  capture(endpoint: Asked, wanted: readonly string[], signal: AbortSignal): Promise<CaptureOutcome>;
  /** Those of these paths that are there. */
  files(endpoint: Asked, paths: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, FrontEndFile>>;
}

export type ServedFile = { readonly bytes: Uint8Array; readonly type: string; readonly sha256: string };

/** ComfyUI's page for everybody, out of what is kept. Nothing here asks a worker. */
export interface FrontEnds {
  hasPage(): Promise<boolean>;
  /** Null = nobody has it. What workers may have is read from them the next time that one is asked anyway. */
  file(path: string): Promise<ServedFile | null>;
  /** The addresses of all extensions, without ours. */
  extensions(): Promise<readonly string[]>;
  /** What servers gather of their node packs, of all endpoints. */
  gathered(what: Gathered): Promise<ServedFile>;
  /** `GET /system_stats` of the endpoint whose page it is. */
  systemStats(): Promise<unknown>;
}

export type FrontEndState = {
  readonly endpointId: string;
  readonly isPrimary: boolean;
  /** Null = nothing is kept of it. */
  readonly kept:
    | (Pick<FrontEnd, 'capturedAt' | 'versions' | 'leftOut'> & { readonly files: number; readonly bytes: number })
    | null;
  /** Node packs that are served from another endpoint, which has them otherwise. */
  readonly clashes: readonly string[];
  readonly isRunning: boolean;
  /** Of the last attempt; null = it went well, or there was none. */
  readonly failure: { readonly at: number; readonly fault: CaptureFault } | null;
};

/** Where the pages come from, for operators. */
export interface FrontEndCaptures {
  states(): Promise<FrontEndState[]>;
  /** The operator's own (COMFYUI_FRONTEND): its version, null = not known. Null = there is none. */
  given(): { readonly version: string | null } | null;
  /** Begins to read everything again, whatever that starts; `false` = that is under way already. */
  refresh(endpoint: Endpoint): boolean;
}
