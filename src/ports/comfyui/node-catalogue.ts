import type { Catalogue, ToldModels } from '#src/domain/node-catalogue/catalogue.ts';
import type { Union } from '#src/domain/node-catalogue/union.ts';

/** When and from what an endpoint's nodes were read. */
export type Capture = {
  /** What runs there by its name: `comfyui`, `frontend`, … */
  readonly versions: Readonly<Record<string, string>>;
  /** Epoch ms. */
  readonly capturedAt: number;
};

/** What is known without reading the whole of it. */
export type CatalogueNote = Capture & {
  /** How many classes. */
  readonly classes: number;
  readonly bytes: number;
};

/** The nodes that the endpoints' workers have, as they were last read from one of them. What was kept survives a restart. */
export interface NodeCatalogues {
  /** By endpoint; those of which nothing is known are missing. */
  notes(): Promise<ReadonlyMap<string, CatalogueNote>>;
  /** Null = nothing is known of it. */
  of(endpointId: string): Promise<Catalogue | null>;
  /** Of those of these endpoints of which something is known, the preferred first. Null = of none. */
  union(endpointIds: readonly string[]): Promise<Union | null>;
  /**
   * In the place of what was known of this endpoint. `objectInfo` is the body of `GET /object_info`. AppError `invalid_input` when it is none, `too_large`;
   * then what was known before stays.
   */
  keep(
    endpointId: string,
    objectInfo: string,
    about: Capture & {
      readonly models: readonly ToldModels[];
      /** The keys of `GET /node_replacements`; none where there is no such address. */
      readonly replaced: readonly string[];
    },
  ): Promise<CatalogueNote>;
  /** Changes whenever one of these endpoints is read again. */
  versionOf(endpointIds: readonly string[]): Promise<string>;
}
