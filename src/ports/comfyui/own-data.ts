/** A file that a person's ComfyUI keeps. `path` is below the person's own folder, as `domain/comfyui/own-files` leaves it. */
export type OwnFile = {
  readonly path: string;
  readonly bytes: number;
  readonly createdAt: number;
  readonly modifiedAt: number;
};

/** Whether a file may take the place of another of the same name. Otherwise AppError `conflict`. */
type Overwrite = { readonly overwrite: boolean };

/** What ComfyUI keeps on disk for its one user, for each person here: workflows, subgraphs, templates, key bindings. */
export interface OwnFileStore {
  /** All of the person's, by path. */
  list(userId: string): Promise<OwnFile[]>;
  read(userId: string, path: string): Promise<(OwnFile & { readonly content: Uint8Array }) | null>;
  /** AppError `too_large` when the person would keep too much with it, `invalid_input` where a folder has this name. */
  write(
    file: {
      readonly userId: string;
      readonly path: string;
      readonly content: Uint8Array;
      readonly now: number;
    } & Overwrite,
  ): Promise<OwnFile>;
  /** Null when there is no such file. */
  move(
    file: { readonly userId: string; readonly path: string; readonly to: string } & Overwrite,
  ): Promise<OwnFile | null>;
  /** False when there is no such file. */
  remove(userId: string, path: string): Promise<boolean>;
}

/** What a person has set in their ComfyUI. Values are JSON. */
export interface OwnSettingStore {
  all(userId: string): Promise<ReadonlyMap<string, string>>;
  /** The others stay. AppError `too_large` when the person would have too many. */
  merge(userId: string, values: ReadonlyMap<string, string>): Promise<void>;
}
