import type { NodeErrors } from '#src/domain/errors.ts';
import { STORED_NAMES } from '#src/domain/files/inputs.ts';
import { cutNodeErrors } from '#src/domain/jobs/worker-words.ts';
import type { Claim } from './claim-job.ts';

/** The node errors of the participant's own nodes, with their own file names: the markers that we added are left out. */
export function ownErrors(errors: NodeErrors, { plan, uploads }: Pick<Claim, 'plan' | 'uploads'>): NodeErrors {
  const own = new Map(plan.saves.map(({ nodeId, senderId }) => [senderId ?? nodeId, nodeId]));
  const added = new Set(Object.values(plan.markerNodes));
  const nameOf = new Map(uploads.map(({ file, name }) => [file, name]));
  const withOwnNames = (text: string): string => text.replace(STORED_NAMES, (file) => nameOf.get(file) ?? file);
  return Object.fromEntries(
    Object.entries(cutNodeErrors(errors)).map(([id, error]) => [
      own.get(id) ?? id,
      {
        ...error,
        errors: error.errors.map((fault) => ({ ...fault, details: withOwnNames(fault.details) })),
        dependent_outputs: error.dependent_outputs.flatMap((output) =>
          added.has(output) ? [] : [own.get(output) ?? output],
        ),
      },
    ]),
  );
}

export function firstSentence(errors: NodeErrors): string {
  const first = Object.entries(errors).find(([, error]) => error.errors.length > 0);
  if (!first) return '';
  const [id, { class_type, errors: faults }] = first;
  return `${class_type || `Node ${id}`}: ${faults[0]?.message ?? ''}${faults[0]?.details ? ` (${faults[0].details})` : ''}`;
}
