import { expect, test } from 'vitest';
import type { Fetch } from './comfy.ts';
import { sendNames } from './run-name.ts';

test('a run says the name of its workflow; other requests are left alone', async () => {
  const sent: [string, RequestInit | undefined][] = [];
  const native: Fetch = async (route, init) => {
    sent.push([route, init]);
    return new Response();
  };
  const asked: ((route: string, init: RequestInit | undefined) => Promise<Response> | null)[] = [];
  sendNames({
    openName: () => 'Füße',
    answerRequests: (answer) => {
      asked.push(answer);
      return native;
    },
  });
  const [answer] = asked;
  expect(answer?.('/prompt', undefined)).toBeNull();
  expect(answer?.('/queue', { method: 'POST' })).toBeNull();
  await answer?.('/prompt', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' });
  expect(sent).toEqual([
    [
      '/prompt',
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'comfyume-name': 'F%C3%BC%C3%9Fe' },
        body: '{}',
      },
    ],
  ]);
});
