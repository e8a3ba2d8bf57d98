import type { InputKind } from '../files/input-kinds.ts';

/** A folder of models as a worker has told of it: `/experiment/models` for its paths and extensions, `/models/<name>` for its files. */
export type ToldModels = {
  readonly name: string;
  /** Paths on the worker. */
  readonly folders: readonly string[];
  /** Null = the worker is too old to say which files are models. */
  readonly extensions: readonly string[] | null;
  readonly files: readonly string[];
};

/** `elsewhere`: those of the files that were not on the share at that time. */
export type WorkerModels = ToldModels & { readonly elsewhere: readonly string[] };

/** Choices that depend on who asks, or on what lies on the share by now. */
export type Place =
  | {
      readonly type: 'uploads';
      /** Null = of every kind. */
      readonly kinds: readonly InputKind[] | null;
      /** Choices that are no files, such as "none". */
      readonly others: readonly string[];
    }
  | {
      readonly type: 'models';
      readonly folders: readonly string[];
      /** Choices that are no files, before and after those that are. */
      readonly before: readonly unknown[];
      readonly after: readonly unknown[];
    };

/** A class of nodes: its JSON, with places that are filled for whoever asks. */
export type NodeClass = {
  readonly parts: readonly (string | Place)[];
  /** Its work is done elsewhere, for money. */
  readonly isApi: boolean;
};

/** What one endpoint's workers can run. */
export type Catalogue = {
  readonly classes: ReadonlyMap<string, NodeClass>;
  readonly models: readonly WorkerModels[];
  /** Classes that it does not have and takes others for: `/node_replacements`. */
  readonly replaced: ReadonlySet<string>;
};
