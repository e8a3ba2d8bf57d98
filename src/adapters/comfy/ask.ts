import { z } from 'zod';
import type { EndpointAnswer } from '#src/domain/endpoints/endpoint-test.ts';
import { verdictOf, whatItSays } from '#src/domain/endpoints/http-answer.ts';
import type { AskEndpoint } from '#src/ports/worker.ts';
import { createRequest, parseJson, readAnswer, sayError } from './http.ts';

const MAX_ANSWER_LENGTH = 1_000_000;

const stats = z.object({
  system: z.object({ comfyui_version: z.string().max(60).optional() }),
  devices: z
    .array(
      z.object({
        name: z.string().max(200),
        vram_total: z.number().nonnegative().optional(),
        vram_free: z.number().nonnegative().optional(),
      }),
    )
    .default([]),
});

/** `cuda:0 NVIDIA H200 : cudaMallocAsync` → `NVIDIA H200` */
const gpuName = (name: string): string => name.replace(/^\w+:\d+ /, '').replace(/ : \w+$/, '');

export function createAskEndpoint(keyOf: (variable: string) => string | undefined): AskEndpoint {
  const request = createRequest(keyOf);
  return async (endpoint, signal): Promise<EndpointAnswer> => {
    try {
      const response = await request(endpoint, '/system_stats', undefined, signal);
      const answer = await readAnswer(response, MAX_ANSWER_LENGTH);
      const { status: httpStatus } = answer;
      const said = stats.safeParse(parseJson(answer.text));
      if (httpStatus === 401 || httpStatus === 403) return { type: 'refused', httpStatus, said: whatItSays(answer) };
      if (verdictOf(answer) === 'busy') return { type: 'busy', httpStatus };
      if (!response.ok || !said.success) return { type: 'no ComfyUI', httpStatus, said: whatItSays(answer) };
      const device = said.data.devices[0];
      const { vram_free: free, vram_total: total } = device ?? {};
      return {
        type: 'answered',
        version: said.data.system.comfyui_version ?? null,
        gpu: device ? gpuName(device.name) : null,
        vram: free === undefined || total === undefined ? null : { free, total },
      };
    } catch (error) {
      return signal.aborted ? { type: 'silent' } : { type: 'unreachable', said: sayError(error) };
    }
  };
}
