import type { Catalog } from '../catalog.ts';
import { isObject, type Json, type JsonObject, PythonError, str, typeName } from '../python.ts';
import type { Problem, Verdict } from './input-checks.ts';
import { frame, NodeValidator } from './validate-node.ts';

export type Validation =
  | { valid: true; outputs: string[]; nodeErrors: JsonObject }
  | { valid: false; error: JsonObject; nodeErrors: JsonObject };

/** Order of a Python set of strings: not that of the prompt, and fixed for the life of a process. */
export type SetOrder = (ids: readonly string[]) => string[];

const refuse = (type: string, message: string, details: string): JsonObject => ({
  type,
  message,
  details,
  extra_info: {},
});

function outputNodes(prompt: JsonObject, catalog: Catalog, targets: Json): string[] | JsonObject {
  const outputs: string[] = [];
  for (const [id, node] of Object.entries(prompt)) {
    if (node === null || typeof node === 'number' || typeof node === 'boolean') {
      throw new PythonError('TypeError', `argument of type '${typeName(node)}' is not iterable`);
    }
    const type = isObject(node) ? node.class_type : undefined;
    if (type === undefined) {
      return refuse(
        'invalid_prompt',
        'Cannot execute because a node is missing the class_type property.',
        `Node ID '#${id}'`,
      );
    }
    const found = typeof type === 'string' ? catalog.get(type) : null;
    if (!found) {
      return refuse('invalid_prompt', `Cannot execute because node ${str(type)} does not exist.`, `Node ID '#${id}'`);
    }
    if (found.isOutput && (targets === null || (Array.isArray(targets) && targets.includes(id)))) outputs.push(id);
  }
  return outputs;
}

/** Validates a prompt as POST /prompt does; one valid output is enough to be accepted. */
export function validatePrompt(
  prompt: JsonObject,
  targets: Json,
  catalog: Catalog,
  folders: { inputs: string; outputs: string; temp: string },
  setOrder: SetOrder,
): Validation {
  const outputs = outputNodes(prompt, catalog, targets);
  if (!Array.isArray(outputs)) return { valid: false, error: outputs, nodeErrors: {} };
  if (outputs.length === 0) {
    return { valid: false, error: refuse('prompt_no_outputs', 'Prompt has no outputs', ''), nodeErrors: {} };
  }
  const validator = new NodeValidator(prompt, catalog, folders);
  const good: string[] = [];
  const failures: Problem[] = [];
  const nodeErrors: { [id: string]: { errors: Problem[]; dependent_outputs: string[]; class_type: Json } } = {};
  for (const output of setOrder(outputs)) {
    let verdict: Verdict;
    try {
      verdict = validator.check(output);
    } catch (error) {
      if (!(error instanceof PythonError)) throw error;
      verdict = {
        valid: false,
        problems: [
          {
            type: 'exception_during_validation',
            message: 'Exception when validating node',
            details: error.message,
            extra_info: { exception_type: error.type, traceback: [frame(1010, 'validate_prompt'), ...error.frames] },
          },
        ],
      };
      validator.verdicts.set(output, verdict);
    }
    if (verdict.valid) {
      good.push(output);
      continue;
    }
    failures.push(...verdict.problems);
    // Every faulty node found so far counts for this output, even if the output does not depend on it, as in the real server.
    for (const [id, { valid, problems }] of validator.verdicts) {
      if (valid || problems.length === 0) continue;
      const node = prompt[id];
      nodeErrors[id] ??= {
        errors: problems,
        dependent_outputs: [],
        class_type: isObject(node) ? (node.class_type ?? null) : null,
      };
      nodeErrors[id].dependent_outputs.push(output);
    }
  }
  if (good.length > 0) return { valid: true, outputs: setOrder(good), nodeErrors };
  const details = failures.map((problem) => `${problem.message}: ${problem.details}`).join('\n');
  return {
    valid: false,
    error: refuse('prompt_outputs_failed_validation', 'Prompt outputs failed validation', details),
    nodeErrors,
  };
}
