import { CORE_OUTPUTS } from './core-outputs.ts';
import { CUSTOM_OUTPUTS } from './custom-outputs.ts';

/** Which input decides where a node writes. */
export type OutputPlace =
  /** Folder and base name in one, below the output folder. */
  | { readonly kind: 'prefix'; readonly input: string }
  /** A folder below the output folder. `name` is a plain base name: a folder in it is not made by the node, or leads out of the folder. */
  | {
      readonly kind: 'folder';
      readonly input: string;
      readonly name: string;
      /** What stands for no folder. */
      readonly none?: string;
    };

/** It writes nothing to the output folder while this input has one of these values. */
export type Unless = { readonly input: string; readonly values: readonly unknown[] };

export type Saver = {
  readonly writes: 'output';
  readonly place: OutputPlace;
  readonly unless?: Unless;
  /** Inputs that have another value in the copy that is sent. */
  readonly set?: Readonly<Record<string, string>>;
  /** Further texts that become part of the path: nothing in them may lead out of the folder. */
  readonly alsoPath?: readonly string[];
};

/** What a class of nodes does with files. `from` says where that was read. */
export type OutputClass = (
  | Saver
  /** To the worker's temporary folder, which no other machine sees. */
  | { readonly writes: 'temp' }
  | { readonly writes: 'elsewhere'; readonly why: string }
) & { readonly from: string };

const CLASSES: ReadonlyMap<string, OutputClass> = new Map([...CORE_OUTPUTS, ...CUSTOM_OUTPUTS]);

export const outputClass = (classType: string): OutputClass | undefined => CLASSES.get(classType);

export const prefixSaver = (input: string): Saver => ({ writes: 'output', place: { kind: 'prefix', input } });

/** Nodes of the core do not run without these inputs; what others need, their worker knows. */
export function requiredInputs(classType: string): readonly string[] {
  const known = CORE_OUTPUTS.get(classType);
  if (known?.writes !== 'output') return [];
  const { place } = known;
  return place.kind === 'folder' ? [place.input, place.name] : [place.input];
}
