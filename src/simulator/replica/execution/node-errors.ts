import { type JsonObject, PythonError } from '../python.ts';

export class Interrupted extends Error {}

const runFrames = [
  '  File "/comfyui/execution.py", line 496, in execute\n    <source line>\n',
  '  File "/comfyui/execution.py", line 315, in get_output_data\n    <source line>\n',
  '  File "/comfyui/execution.py", line 289, in _async_map_node_over_list\n    <source line>\n',
  '  File "/comfyui/execution.py", line 277, in process_inputs\n    <source line>\n',
];

const memoryTips =
  'This error means you ran out of memory on your GPU.\n\nTIPS: If the workflow worked before you might have accidentally set the batch_size to a large number.';

export const outOfMemory = (): PythonError =>
  new PythonError(
    'torch.OutOfMemoryError',
    'Allocation on device \nCUDA out of memory. Tried to allocate 20.00 GiB. GPU 0 has a total capacity of 139.72 GiB of which 11.44 GiB is free. Process 1 has 128.27 GiB memory in use. Of the allocated memory 126.95 GiB is allocated by PyTorch, and 606.52 MiB is reserved by PyTorch but unallocated. If reserved but unallocated memory is large try setting PYTORCH_CUDA_ALLOC_CONF=expandable_segments:True to avoid fragmentation.  See documentation for Memory Management  (https://pytorch.org/docs/stable/notes/cuda.html#environment-variables)',
  );

/** What the message and the history say of an error that Python raised. */
export const asRaised = (error: PythonError): JsonObject => ({
  exception_message: `${error.message}\n${error.type === 'torch.OutOfMemoryError' ? memoryTips : ''}`,
  exception_type: error.type,
  traceback: [...runFrames, ...error.frames],
});
