import * as z from 'zod/mini';

/** What to download: these results, all that the filter finds, or all results of the class; without `rejected`, rejected ones too. */
export type Choice =
  | { readonly type: 'selected'; readonly ids: readonly string[] }
  | {
      readonly type: 'found';
      readonly filter: Readonly<Record<string, string | number | boolean | undefined>>;
    }
  | { readonly type: 'class' };

const archive = z.object({ url: z.string(), files: z.number(), bytes: z.number(), missing: z.number() });
export type Archive = z.infer<typeof archive>;
const refusal = z.object({ message: z.string() });

export function fieldsOf(choice: Choice, zone: string): URLSearchParams {
  if (choice.type === 'selected') return new URLSearchParams({ ids: choice.ids.join(','), zone });
  const fields = new URLSearchParams({ rejected: 'all', zone });
  if (choice.type === 'class') {
    fields.set('everyone', '1');
    return fields;
  }
  for (const [name, value] of Object.entries(choice.filter)) if (value !== undefined) fields.set(name, String(value));
  return fields;
}

/** Has the server prepare the archive; resolves to its address. Fails with a sentence. */
export async function prepare(choice: Choice, signal: AbortSignal): Promise<Archive> {
  const response = await fetch('/takehome', {
    method: 'POST',
    headers: { accept: 'application/json' },
    body: fieldsOf(choice, Intl.DateTimeFormat().resolvedOptions().timeZone),
    signal,
  });
  const answer: unknown = await response.json();
  if (response.ok) return archive.parse(answer);
  const said = refusal.safeParse(answer);
  throw new Error(
    said.success ? said.data.message : 'The server could not prepare the download. Try again in a moment.',
  );
}
