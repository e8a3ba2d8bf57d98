import * as z from 'zod/mini';
import { goToLogin } from '../api-client/go-to-login.ts';

const answer = z.union([
  z.object({ name: z.string() }),
  z.object({ error: z.object({ message: z.string(), data: z.object({ appError: z.string() }) }) }),
]);

/** Adds a file to the person's uploads under this name, or in the place of the upload that it `replaces`, and returns its name there. Throws an Error with a message to show. */
export async function sendInput(file: File, name: string, replaces?: string): Promise<string> {
  const form = new FormData();
  form.append('file', file, name);
  const response = await fetch(replaces === undefined ? '/api/inputs' : `/api/inputs?replace=${replaces}`, {
    method: 'POST',
    body: form,
    credentials: 'same-origin',
  }).catch(() => null);
  const said = answer.safeParse(await response?.json().catch(() => null));
  if (!said.success) throw new Error('The server did not respond. Try again in a moment.');
  if ('name' in said.data) return said.data.name;
  const { message, data } = said.data.error;
  if (data.appError === 'not_signed_in') goToLogin();
  throw new Error(message);
}
