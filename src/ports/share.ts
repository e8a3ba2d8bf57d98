import type { Verdict } from '#src/domain/formats/reading/verdict.ts';
import type { ModelFile } from '#src/domain/workflow/needed-models.ts';

/** A regular file below an attempt's folder. `path` is relative to that folder, with `/`. */
export type FoundFile = { readonly path: string; readonly bytes: number; readonly mtimeMs: number };

/** `leftOut`: in sentences, what lies there and is not in `files`. The same every time, while nothing changes. */
export type Listing = { readonly files: readonly FoundFile[]; readonly leftOut: readonly string[] };

/** The output side of the SFS. A `folder` is an attempt's folder, relative to `<sfs>/outputs`. Nothing here follows a link or leaves the folder. */
export interface Share {
  /** The regular files of the folder without junk (`domain/files/junk`), up to limits; a folder that is not there yet has none. */
  list(folder: string): Promise<Listing>;
  /** The folders of all attempts that there ever were. Costly on a large share. */
  folders(): Promise<readonly string[]>;
  /** Is this file whole? Reads only the ranges that the format's rule asks for. */
  examine(folder: string, path: string): Promise<Verdict>;
  /** What the worker wrote into this whole file: the graph it ran and the editor's workflow, as JSON, where the format carries them. */
  embedded(folder: string, path: string): Promise<{ prompt: string | null; workflow: string | null }>;
  /** Makes a folder below `<sfs>/outputs`, with those above it. `false` where the share cannot be written to. */
  makeFolder(folder: string): Promise<boolean>;
  /** Removes a folder that was made for nothing: in which there is no file. */
  removeIfEmpty(folder: string): Promise<void>;
  /** Calls `hint` when something may have changed. Hints can be lost, doubled and late. Resolves to the way to stop it. */
  watch(folder: string, hint: () => void): Promise<() => Promise<void>>;
}

/** Files on the share that an operator does not want to see any more, by their path below `<sfs>/outputs`. */
export interface IgnoredOrphans {
  list(): Promise<Set<string>>;
  set(paths: readonly string[], ignored: boolean, now: number): Promise<void>;
}

export type Models = {
  readonly dir: string;
  /** Null = there is no such folder. */
  readonly files: readonly ModelFile[] | null;
  /** There are more than were looked at. */
  readonly more: boolean;
};

/** The models on the share, as the workers see them. */
/** The models that can be seen now. */
export interface ModelNames {
  /** Null where nothing can be seen, or not all. */
  seen(): Promise<readonly ModelFile[] | null>;
}

export interface ModelFolder {
  list(): Promise<Models>;
  /** What a `.safetensors` file says of itself, as JSON; null where it says nothing, or does not lie in the folder of models. */
  metadata(file: Pick<ModelFile, 'folder' | 'name'>): Promise<unknown>;
}
