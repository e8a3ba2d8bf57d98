import type { Graph } from './graph.ts';
import { nearestChoices } from './nearest-choices.ts';
import { checkModels, foldersOf, isModelInput, type ModelFile, type NeededModel, slashed } from './needed-models.ts';

/** A model that a workflow needs and that is not where its loader looks. */
export type MissingModel = {
  readonly name: string;
  readonly folder: string;
  /** What its loader could take instead, those with the most similar names first. */
  readonly choices: readonly string[];
};

export const MAX_CHOICES = 300;

const isText = (value: unknown): value is string => typeof value === 'string';

/**
 * Those of the needed models that are not there. Nothing is said of a model whose loader is unknown, or in whose folder nothing at all can be seen: workers
 * may have it elsewhere.
 */
export function missingModels(needed: readonly NeededModel[], files: readonly ModelFile[]): MissingModel[] {
  return checkModels(needed, files).flatMap(({ name, folders, found }): MissingModel[] => {
    const [folder] = folders ?? [];
    if (found || !folders || folder === undefined) return [];
    const names = [...new Set(files.filter((file) => folders.includes(file.folder)).map((file) => file.name))];
    const choices = nearestChoices(name, names).filter(isText).slice(0, MAX_CHOICES);
    return choices.length === 0 ? [] : [{ name, folder, choices }];
  });
}

/** Of a missing model: the same name may be missing in two folders. */
export const modelKey = ({ name, folder }: Pick<MissingModel, 'name' | 'folder'>): string => `${folder} ${name}`;

/** A copy of the graph in which every node that names one of these models names another. */
export function withModels(graph: Graph, instead: ReadonlyMap<string, string>): Graph {
  if (instead.size === 0) return graph;
  const other = (classType: string, input: string, value: unknown): unknown => {
    if (typeof value !== 'string' || !isModelInput(classType, input, value)) return value;
    const [folder = ''] = foldersOf(classType, input) ?? [];
    return instead.get(modelKey({ name: slashed(value), folder })) ?? value;
  };
  return Object.fromEntries(
    Object.entries(graph).map(([id, node]) => {
      const inputs = Object.entries(node.inputs).map(
        ([input, value]) => [input, other(node.class_type, input, value)] as const,
      );
      return [id, { ...node, inputs: Object.fromEntries(inputs) }];
    }),
  );
}
