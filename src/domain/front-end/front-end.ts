/** A file of ComfyUI's page; its bytes are kept by their hash. */
export type FrontEndFile = { readonly sha256: string; readonly type: string; readonly bytes: number };

/** Null = the worker does not say. */
export type FrontEndVersions = {
  readonly comfyui: string | null;
  /** Of the front end that is installed. */
  readonly frontEnd: string | null;
  /** Of the one that this ComfyUI asks for. */
  readonly requiredFrontEnd: string | null;
};

/** ComfyUI's page as it was read from an endpoint's workers, or given by the operator. */
export type FrontEnd = {
  /** Of its versions and its page: the same for all workers that were not updated. */
  readonly key: string;
  /** Epoch ms. */
  readonly capturedAt: number;
  readonly versions: FrontEndVersions;
  /** By path below the root; `index.html` is the page, and what a server gathers (`i18n`, `workflow_templates`, …) has the path of its address. */
  readonly files: ReadonlyMap<string, FrontEndFile>;
  /** Files that were asked for by somebody who uses it, the one that was used last at the end. They may be dropped. */
  readonly extras: ReadonlyMap<string, FrontEndFile>;
  /** What `GET /extensions` named. */
  readonly extensions: readonly string[];
  /** Paths that are named and could not be read. */
  readonly leftOut: readonly string[];
};

/** What is read of one endpoint at most. */
export const MAX_FILES = 8000;
export const MAX_FILE_BYTES = 32 * 1024 * 1024;
export const MAX_BYTES = 512 * 1024 * 1024;
/** What is kept of files that people asked for. */
export const MAX_EXTRAS = 1000;
export const MAX_EXTRA_BYTES = 128 * 1024 * 1024;

export const PAGE = 'index.html';

/** Answers of a server that it gathers from its node packs: each is a JSON object. */
export const GATHERED = ['i18n', 'workflow_templates', 'global_subgraphs', 'node_replacements'] as const;
export type Gathered = (typeof GATHERED)[number];

/** Adds what was read; what was used longest ago makes room. */
export function withExtras(
  { extras }: Pick<FrontEnd, 'extras'>,
  more: ReadonlyMap<string, FrontEndFile>,
): ReadonlyMap<string, FrontEndFile> {
  const kept = new Map(extras);
  for (const [path, file] of more) {
    kept.delete(path);
    kept.set(path, file);
  }
  let bytes = [...kept.values()].reduce((sum, file) => sum + file.bytes, 0);
  for (const [path, file] of kept) {
    if (kept.size <= MAX_EXTRAS && bytes <= MAX_EXTRA_BYTES) break;
    kept.delete(path);
    bytes -= file.bytes;
  }
  return kept;
}
