import type { IncomingMessage } from 'node:http';
import { AppError } from '#src/domain/errors.ts';
import type { Actor } from '#src/domain/users/user.ts';
import { type AddInputDeps, addInput } from '#src/services/inputs/add-input.ts';
import type { ReceiveForm } from './forms.ts';

/** `POST /api/inputs[?replace=<upload>]`: one file in, the name by which a graph calls it out. */
export const createInputsRoute =
  (deps: AddInputDeps & { receiveForm: ReceiveForm }) =>
  async (request: IncomingMessage, actor: Actor | null): Promise<{ name: string }> => {
    if (!actor) throw new AppError('not_signed_in', 'Please sign in.');
    const replaces = new URL(request.url ?? '', 'http://localhost').searchParams.get('replace') ?? undefined;
    const { name } = await deps.receiveForm(request, actor.userId, 'file', ({ name: given, arriving }) =>
      addInput(deps, actor, { name: given, arriving, replaces }),
    );
    return { name };
  };
