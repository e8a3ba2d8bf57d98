import { existsSync } from 'node:fs';
import type { Catalog } from '../catalog.ts';
import { nodeOf } from '../graph.ts';
import { annotatedPath } from '../input-files.ts';
import { type InputSpec, inputsOf, type NodeClass } from '../node-info.ts';
import { isObject, type Json, type JsonObject, PythonError, repr, str, typeName } from '../python.ts';
import { convert, type Problem, rangeProblem, typesFit, type Verdict } from './input-checks.ts';

/** Inputs that the node class checks itself: the file must be there, regardless of the list. */
const fileInputs: { [input: string]: string } = {
  'LoadImage.image': 'Invalid image file',
  'LoadImageMask.image': 'Invalid image file',
  'LoadImageOutput.image': 'Invalid image file',
  'LoadLatent.latent': 'Invalid latent file',
  'LoadAudio.audio': 'Invalid audio file',
  'LoadVideo.file': 'Invalid video file',
};

export const frame = (line: number, name: string): string =>
  `  File "/comfyui/execution.py", line ${line}, in ${name}\n    <source line>\n`;

export class NodeValidator {
  readonly verdicts = new Map<string, Verdict>();
  private readonly path = new Set<string>();
  private readonly prompt: JsonObject;
  private readonly catalog: Catalog;
  private readonly folders: { inputs: string; outputs: string; temp: string };

  constructor(prompt: JsonObject, catalog: Catalog, folders: { inputs: string; outputs: string; temp: string }) {
    this.prompt = prompt;
    this.catalog = catalog;
    this.folders = folders;
  }

  private classOf(id: string): NodeClass {
    const node = this.prompt[id];
    if (node === undefined) throw new PythonError('KeyError', repr(id), [frame(788, 'validate_inputs')]);
    const type = isObject(node) ? node.class_type : undefined;
    const found = typeof type === 'string' ? this.catalog.get(type) : null;
    if (!found) throw new PythonError('KeyError', repr(type ?? 'class_type'), [frame(789, 'validate_inputs')]);
    return found;
  }

  /** Converts the constants of the node in place, as the real one does, and judges it with all it depends on. */
  check(id: string): Verdict {
    const known = this.verdicts.get(id);
    if (known) return known;
    const { classType, inputs } = nodeOf(this.prompt, id);
    const nodeClass = this.classOf(id);
    this.path.add(id);
    const verdict: Verdict = { valid: true, problems: [] };
    for (const { name, spec, isRequired } of inputsOf(nodeClass, inputs)) {
      if (inputs[name] !== undefined) this.checkInput(classType, name, spec, inputs, verdict);
      else if (isRequired) {
        verdict.problems.push({
          type: 'required_input_missing',
          message: 'Required input is missing',
          details: name,
          extra_info: { input_name: name },
        });
      }
    }
    this.path.delete(id);
    verdict.valid &&= verdict.problems.length === 0;
    this.verdicts.set(id, verdict);
    return verdict;
  }

  private checkInput(classType: string, name: string, spec: InputSpec, inputs: JsonObject, verdict: Verdict): void {
    const value = inputs[name] ?? null;
    const config: Json[] = [spec.type, spec.config];
    if (Array.isArray(value)) {
      this.checkLink(name, value, spec, config, verdict);
      return;
    }
    let converted: Json;
    try {
      converted = convert(value, spec.type);
    } catch (error) {
      if (!(error instanceof PythonError)) throw error;
      verdict.problems.push({
        type: 'invalid_input_type',
        message: `Failed to convert an input value to a ${str(spec.type)} value`,
        details: `${name}, ${str(value)}, ${error.message}`,
        extra_info: { input_name: name, input_config: config, received_value: value, exception_message: error.message },
      });
      return;
    }
    inputs[name] = converted;
    const ownCheck = fileInputs[`${classType}.${name}`];
    if (ownCheck === undefined) {
      const problem = rangeProblem(name, converted, spec, config);
      if (problem) verdict.problems.push(problem);
    } else if (!existsSync(annotatedPath(str(converted), this.folders))) {
      verdict.problems.push({
        type: 'custom_validation_failed',
        message: 'Custom validation failed for node',
        details: `${name} - ${ownCheck}: ${str(converted)}`,
        extra_info: { input_name: name },
      });
    }
  }

  private checkLink(name: string, value: Json[], spec: InputSpec, config: Json[], verdict: Verdict): void {
    const [from, slot] = value;
    if (value.length !== 2 || from === undefined || slot === undefined) {
      verdict.problems.push({
        type: 'bad_linked_input',
        message: 'Bad linked input, must be a length-2 list of [node_id, slot_index]',
        details: name,
        extra_info: { input_name: name, input_config: config, received_value: value },
      });
      return;
    }
    if (typeof from !== 'string') throw new PythonError('KeyError', repr(from), [frame(788, 'validate_inputs')]);
    const outputs = this.classOf(from).outputs;
    if (typeof slot !== 'number') {
      throw new PythonError('TypeError', `tuple indices must be integers or slices, not ${typeName(slot)}`, [
        frame(790, 'validate_inputs'),
      ]);
    }
    const received = outputs[slot < 0 ? outputs.length + slot : slot];
    if (received === undefined) {
      throw new PythonError('IndexError', 'tuple index out of range', [frame(790, 'validate_inputs')]);
    }
    if (!typesFit(received, spec.type)) {
      const details = `${name}, received_type(${str(received)}) mismatch input_type(${str(spec.type)})`;
      verdict.problems.push({
        type: 'return_type_mismatch',
        message: 'Return type mismatch between linked nodes',
        details,
        extra_info: { input_name: name, input_config: config, received_type: received, linked_node: value },
      });
      return;
    }
    // A cycle ends in Python's recursion limit; unwinding it leaves every node of it invalid and without an error.
    if (this.path.has(from)) {
      verdict.valid = false;
      return;
    }
    try {
      if (!this.check(from).valid) verdict.valid = false;
    } catch (error) {
      if (!(error instanceof PythonError)) throw error;
      this.path.delete(from);
      verdict.valid = false;
      const problem: Problem = {
        type: 'exception_during_inner_validation',
        message: 'Exception when validating inner node',
        details: error.message,
        extra_info: {
          input_name: name,
          input_config: config,
          exception_message: error.message,
          exception_type: error.type,
          traceback: [
            frame(808, 'validate_inputs'),
            ...(error.frames.length > 0 ? error.frames : [frame(730, 'validate_inputs')]),
          ],
          linked_node: value,
        },
      };
      this.verdicts.set(from, { valid: false, problems: [problem] });
    }
  }
}
