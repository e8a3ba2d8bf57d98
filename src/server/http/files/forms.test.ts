import { once } from 'node:events';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { createForms } from './forms.ts';

test('whoever has hung up before their turn comes holds up nobody', async () => {
  const request = new IncomingMessage(new Socket());
  request.headers = { 'content-type': 'multipart/form-data; boundary=x' };
  const closed = once(request, 'close');
  request.destroy();
  await closed;
  const take = async () => 'taken';
  await expect(createForms()(request, 'anna', 'file', take)).rejects.toMatchObject({
    code: 'invalid_input',
    message: 'The upload was interrupted. Send the file again.',
  });
});
