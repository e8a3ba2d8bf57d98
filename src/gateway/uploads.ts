import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { ownPath } from '#src/domain/comfyui/own-files.ts';
import { AppError } from '#src/domain/errors.ts';
import type { Input } from '#src/ports/inputs.ts';
import { addMasked } from '#src/services/comfyui/add-masked.ts';
import { addUpload } from '#src/services/comfyui/add-upload.ts';
import type { Routes } from './routes.ts';

type Fields = ReadonlyMap<string, string>;
type Arriving = {
  readonly name: string;
  readonly arriving: AsyncIterable<Uint8Array>;
  readonly fields: Promise<Fields>;
};

type Deps = Parameters<typeof addMasked>[0] & {
  receiveForm: (
    request: IncomingMessage,
    userId: string,
    field: string,
    take: (file: Arriving) => Promise<Uploaded>,
  ) => Promise<Uploaded>;
};
type Uploaded = { readonly name: string; readonly subfolder: string; readonly type: string };

const originalRef = z.object({
  filename: z.string().min(1).max(1000),
  subfolder: z.string().max(1000).default(''),
  type: z.string().max(20).default('output'),
});

function placeAsked(fields: Fields) {
  const subfolder = ownPath(fields.get('subfolder') ?? '');
  if (subfolder === null) throw new AppError('invalid_input', 'This subfolder leads out of your own folder.');
  return { subfolder, overwrite: /^(true|1)$/.test(fields.get('overwrite') ?? '') };
}

function originalAsked(fields: Fields) {
  const wrong = new AppError(
    'invalid_input',
    'Say which picture the mask is for: original_ref, as JSON with its filename.',
  );
  let ref: unknown;
  try {
    // One client spells it in its own way.
    ref = JSON.parse(fields.get('original_ref') ?? fields.get('originalRef') ?? '');
  } catch {
    throw wrong;
  }
  const parsed = originalRef.safeParse(ref);
  if (!parsed.success) throw wrong;
  return parsed.data;
}

/** What was sent to `temp` is looked for there by the page; it is an upload like others. */
function answerOf({ name }: Input, fields: Fields): Uploaded {
  const cut = name.lastIndexOf('/');
  return {
    name: name.slice(cut + 1),
    subfolder: cut < 0 ? '' : name.slice(0, cut),
    type: fields.get('type') === 'temp' ? 'temp' : 'input',
  };
}

/** Files that ComfyUI's nodes load, and what its mask editor makes of them. */
export const uploadRoutes = (deps: Deps): Routes => ({
  async 'POST /upload/image'({ request, actor, say }) {
    say(
      await deps.receiveForm(request, actor.userId, 'image', async ({ name, arriving, fields }) => {
        const input = await addUpload(deps, actor, { name, arriving, asked: async () => placeAsked(await fields) });
        return answerOf(input, await fields);
      }),
    );
  },
  async 'POST /upload/mask'({ request, actor, say }) {
    say(
      await deps.receiveForm(request, actor.userId, 'image', async ({ name, arriving, fields }) => {
        const asked = async () => placeAsked(await fields);
        const original = async () => originalAsked(await fields);
        const input = await addMasked(deps, actor, { name, arriving, asked, original });
        return answerOf(input, await fields);
      }),
    );
  },
});
