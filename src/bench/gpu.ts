import { once } from 'node:events';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { z } from 'zod';

const sent = z.object({
  prompt_id: z.string(),
  prompt: z.record(z.string(), z.object({ class_type: z.string(), inputs: z.record(z.string(), z.unknown()) })),
  extra_data: z.object({ extra_pnginfo: z.object({ comfyume_job: z.string() }) }),
});

/** What a worker would have to write for one prompt: a save node's prefix is the name of its files without counter and ending. */
export type Render = {
  readonly jobId: string;
  readonly prompt: string;
  readonly started: string;
  readonly outputs: string[];
  readonly finished: string[];
};

export type Gpu = { readonly url: string; stop(): Promise<void> };

/** An endpoint that accepts everything and renders nothing. */
export async function startGpu(onPrompt: (render: Render) => void = () => undefined): Promise<Gpu> {
  const server = createServer((request, response) => {
    json(request)
      .then((body) => {
        const parsed = sent.safeParse(body);
        response.setHeader('content-type', 'application/json');
        response.end(
          JSON.stringify(parsed.success ? { prompt_id: parsed.data.prompt_id, number: 1, node_errors: {} } : {}),
        );
        if (parsed.success) onPrompt(toRender(parsed.data));
      })
      // Whoever breaks off, or sends no JSON, is no dispatcher that waits for an answer.
      .catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function toRender({ prompt, extra_data }: z.infer<typeof sent>): Render {
  const prefixes = Object.values(prompt).flatMap(({ inputs }) =>
    typeof inputs.filename_prefix === 'string' ? [inputs.filename_prefix] : [],
  );
  const started = prefixes.find((prefix) => prefix.endsWith('/_started'));
  if (started === undefined) throw new Error('A prompt came without a start marker.');
  const isFinished = (prefix: string) => /\/_finished\d+$/.test(prefix);
  return {
    jobId: extra_data.extra_pnginfo.comfyume_job,
    prompt: JSON.stringify(prompt),
    started,
    outputs: prefixes.filter((prefix) => prefix !== started && !isFinished(prefix)),
    finished: prefixes.filter(isFinished),
  };
}
