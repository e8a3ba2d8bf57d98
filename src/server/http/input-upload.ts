import type { IncomingMessage, ServerResponse } from 'node:http';
import { httpStatusOf } from '#src/api/errors.ts';
import { AppError, appErrorIn } from '#src/domain/errors.ts';
import { isWithin, outOfScope } from '#src/domain/users/token-scope.ts';
import type { AuditLog } from '#src/ports/audit-log.ts';
import type { Log } from '#src/ports/log.ts';
import type { Clock } from '#src/ports/random.ts';
import type { Identity } from '#src/services/session/identify.ts';
import { sayJson } from './say-json.ts';

type Deps = {
  receiveInput: (request: IncomingMessage, actor: Identity['actor'] | null) => Promise<{ name: string }>;
  auditLog: Pick<AuditLog, 'record'>;
  clock: Clock;
  log: Log;
};

/** `POST /api/inputs`: one file of whoever is signed in. */
export function createInputUpload(deps: Deps) {
  /** What an operator uploads in a participant's account is recorded, as their calls are. */
  const recorded = ({ actor }: Identity, operator: Identity['actor'], receive: () => Promise<{ name: string }>) =>
    deps.auditLog.record(
      {
        at: deps.clock.now(),
        actor: { id: operator.userId, name: operator.name },
        onBehalfOf: { id: actor.userId, name: actor.name },
        type: 'inputs.add',
        subjectId: actor.userId,
        detail: { as: actor.name },
      },
      receive,
      ({ name }) => ({ file: name }),
    );

  return async (request: IncomingMessage, response: ServerResponse, identity: Identity | null): Promise<void> => {
    const actor = identity?.actor ?? null;
    if (request.method !== 'POST')
      return sayJson(response, 405, {
        error: { message: 'Send files with POST.', data: { appError: 'invalid_input' } },
      });
    try {
      if (identity && identity.scope !== null && !isWithin(identity.scope, 'submit'))
        throw new AppError('forbidden', outOfScope(identity.scope, identity.sessionId !== null));
      const receive = () => deps.receiveInput(request, actor);
      sayJson(response, 200, await (identity?.operator ? recorded(identity, identity.operator, receive) : receive()));
    } catch (error) {
      const appError = appErrorIn(error);
      if (!appError) throw error;
      if (appError.cause !== undefined) deps.log.warn({ err: appError.cause, user: actor?.name }, appError.message);
      sayJson(response, httpStatusOf(appError.code), {
        error: { message: appError.message, data: { appError: appError.code } },
      });
    }
  };
}
