import type { JobStatus, Reason } from '#src/domain/jobs/job.ts';
import { NOT_ACCEPTING } from '#src/domain/messages/queue-words.ts';
import { COMMON } from '#src/domain/users/user.ts';
import type { Logged } from '../testing/product-under-test.ts';

/** What the participant sees of their job. `<n>` in a message stands for a number, `<id>` for an id, `<path>` for a path. `nodes`: those that are marked as faulty. */
export type ToldJob = {
  readonly status: JobStatus;
  readonly reason: Reason | null;
  readonly message: string | null;
  /** Left out where it depends on how fast the machine is. */
  readonly attempts?: number;
  readonly results: number;
  readonly nodes?: readonly string[];
};
/** `refused`: null where it is a page or a plain text. */
export type ToldNo = { readonly refused: string | null; readonly http: number; readonly message: string };
/** Of a WebSocket. */
export type ToldClosed = { readonly closed: number; readonly message: string };

type LogLine = Pick<Logged, 'level' | 'message'> & { readonly facts?: Readonly<Record<string, unknown>> };

export type FaultRow = {
  readonly told: ToldJob | ToldNo | ToldClosed;
  /** Lines that the operator finds in the log. */
  readonly log?: readonly LogLine[];
  /** What an answer of the operator's procedures shows. */
  readonly admin?: { readonly procedure: string; readonly shows: Readonly<Record<string, unknown>> };
};
/** By what happens, in words. */
export type FaultTheme = Readonly<Record<string, FaultRow>>;

const done = (attempts = 1, results = 1): ToldJob => ({
  status: 'completed',
  reason: null,
  message: null,
  attempts,
  results,
});
const ended = (
  status: 'failed' | 'cancelled',
  reason: Reason,
  message: string,
  more: Partial<ToldJob> = {},
): ToldJob => ({
  status,
  reason,
  message,
  attempts: 1,
  results: 0,
  ...more,
});
const no = (refused: string | null, http: number, message: string): ToldNo => ({ refused, http, message });

/** A connection that says too much, or whose peer does not read. */
const shut = (message: string): FaultRow => ({
  told: { closed: 1008, message },
  log: [{ level: 'warn', message: 'WebSocket closed', facts: { user: '<id>', reason: message } }],
});

const unclear = (httpStatus: number | null): LogLine => ({
  level: 'warn',
  message: 'unclear response; watching for activity',
  facts: { httpStatus },
});
const nothing = (
  reason: Reason,
  verdict: 'again' | 'give_up',
  more: Readonly<Record<string, unknown>> = {},
): LogLine => ({
  level: 'warn',
  message: 'attempt failed',
  facts: { job: '<id>', attempt: '<id>', endpoint: '<id>', sentAt: '<time>', reason, verdict, ...more },
});
const resting: LogLine = { level: 'warn', message: 'circuit breaker opened', facts: { kind: 'unreachable' } };
const busy = (httpStatus: number): LogLine => ({
  level: 'info',
  message: 'endpoint busy, job requeued',
  facts: { httpStatus, retryAfter: '1', until: '<time>' },
});
const notComfy = (said: string): LogLine =>
  nothing('endpoint_unreachable', 'again', { detail: `The address of endpoint By hand answered ${said}` });
const nodeFailed = (exceptionType: string): LogLine => ({
  level: 'info',
  message: 'node failed',
  facts: { job: '<id>', attempt: '<id>', endpoint: '<id>', failure: { exceptionType } },
});
const shareTrouble: LogLine = {
  level: 'warn',
  message: 'cannot scan the folders of attempts, retrying',
  facts: { err: { code: 'share_unavailable' } },
};
const LOST = 'no replica knows this job, asked <n> times';

export const ANSWERS = {
  'the endpoint answers 502 and hands nothing on': {
    told: done(2),
    log: [unclear(502), nothing('never_started', 'again', { httpStatus: 502, detail: LOST })],
  },
  'the endpoint answers 503 and hands nothing on': {
    told: done(2),
    log: [unclear(503), nothing('never_started', 'again', { httpStatus: 503, detail: LOST })],
  },
  'the endpoint answers 504 and hands nothing on': {
    told: done(2),
    log: [unclear(504), nothing('never_started', 'again', { httpStatus: 504, detail: LOST })],
  },
  'a replica takes the job, the endpoint answers 504 all the same': { told: done(), log: [unclear(504)] },
  'a replica takes the job, and the connection is cut before the answer': { told: done(), log: [unclear(null)] },
  'the answer is cut in the middle': { told: done(), log: [unclear(200)] },
  'a page of HTML with status 200': {
    told: done(2),
    log: [unclear(200), nothing('never_started', 'again', { httpStatus: 200 })],
  },
  'connections are refused for a while': {
    told: done(2),
    log: [nothing('endpoint_unreachable', 'again', { httpStatus: null }), resting],
  },
  'connections are refused for longer than the start timeout': {
    told: {
      status: 'failed',
      reason: 'endpoint_unreachable',
      message: 'No GPU could be reached. We tried <n> times. Your workflow is safe.',
      results: 0,
    },
    log: [resting, nothing('endpoint_unreachable', 'give_up')],
    admin: { procedure: 'endpoints.list', shows: { name: 'GPUs', restsUntil: '<time>' } },
  },
  'the endpoint refuses our key (404)': { told: done(2), log: [notComfy('404 (not ComfyUI): Not Found'), resting] },
  'a proxy answers 400 with a page': { told: done(2), log: [notComfy('400 (not ComfyUI): 400 Bad Request'), resting] },
  'a gateway redirects to a page for signing in': {
    told: done(2),
    log: [notComfy('302 (not ComfyUI): it redirects to /login'), resting],
  },
  'the endpoint is busy twice (429 with Retry-After): no attempt is used': {
    told: done(),
    log: [busy(429)],
    admin: { procedure: 'endpoints.list', shows: { name: 'By hand', busyUntil: '<time>', restsUntil: null } },
  },
  'the endpoint is busy (503 with Retry-After), another one has room': {
    told: done(),
    log: [busy(503)],
    admin: { procedure: 'endpoints.list', shows: { name: 'By hand', busyUntil: '<time>', restsUntil: null } },
  },
  'the answer is slow': { told: done() },
  'the worker refuses the workflow for a value': {
    told: ended(
      'failed',
      'rejected_by_worker',
      'ComfyUI could not use this workflow. EmptyImage: Value -1 smaller than min of 1 (width)',
      { nodes: ['5'] },
    ),
    log: [{ level: 'info', message: 'rejected by the worker', facts: { httpStatus: 200 } }],
  },
  'the worker does not know a node': {
    told: ended(
      'failed',
      'rejected_by_worker',
      'ComfyUI could not use this workflow. NoSuchNodeAnywhere: Cannot execute because node NoSuchNodeAnywhere does not exist.',
      { nodes: ['3'] },
    ),
    log: [{ level: 'info', message: 'rejected by the worker', facts: { httpStatus: 400 } }],
  },
  'the worker refuses one of two outputs': { told: { ...done(), nodes: ['5'] } },
  'the worker says that the workflow is too large (413)': {
    told: ended(
      'failed',
      'rejected_by_worker',
      'ComfyUI could not use this workflow. The workflow is too large for the worker.',
    ),
    log: [{ level: 'info', message: 'rejected by the worker', facts: { httpStatus: 413 } }],
  },
  'a proxy says that the workflow is too large (413)': {
    told: ended(
      'failed',
      'rejected_by_worker',
      'ComfyUI could not use this workflow. The workflow is too large for the proxy in front of it, which answered 413. The teacher can raise the limit there.',
    ),
    log: [{ level: 'info', message: 'rejected by the worker', facts: { httpStatus: 413 } }],
  },
} satisfies FaultTheme;

export const REPLICAS = {
  'the replica dies as a node begins': {
    told: done(2),
    log: [nothing('lost', 'again', { httpStatus: 200, detail: LOST })],
  },
  'the replica dies while it writes a PNG': { told: done(2), log: [nothing('lost', 'again')] },
  'the replica dies while it writes a WEBP': { told: done(2), log: [nothing('lost', 'again')] },
  'the replica dies while it writes an MP4': { told: done(2), log: [nothing('lost', 'again')] },
  'the replica dies with the job in its queue': {
    told: done(2),
    log: [nothing('never_started', 'again', { httpStatus: 200, detail: LOST })],
  },
  'all replicas die at once': { told: done(2), log: [nothing('lost', 'again')] },
  'the platform scales the endpoint to zero in mid-render': { told: done(2), log: [nothing('lost', 'again')] },
  'the replica takes the job and never begins it': {
    told: ended('failed', 'never_started', 'No GPU started your job in time. We tried twice. Your workflow is safe.', {
      attempts: 2,
    }),
    log: [
      nothing('never_started', 'again', { number: 1, answeredAt: '<time>' }),
      nothing('never_started', 'give_up', { number: 2, answeredAt: '<time>' }),
    ],
  },
  'no replica comes up': {
    told: ended('failed', 'never_started', 'No GPU started your job in time. We tried twice. Your workflow is safe.', {
      attempts: 2,
    }),
    log: [
      nothing('never_started', 'give_up', {
        number: 2,
        httpStatus: null,
        answeredAt: null,
        detail: 'no activity within the start timeout',
      }),
    ],
  },
  'a node runs out of GPU memory': {
    told: ended(
      'failed',
      'execution_error',
      'ImageAddNoise stopped: out of GPU memory. A smaller size or fewer frames will help.',
      { nodes: ['2'] },
    ),
    log: [nodeFailed('torch.OutOfMemoryError')],
  },
  'a node fails': {
    told: ended('failed', 'execution_error', "ImageInvert stopped: 'str' object has no attribute 'shape'.", {
      nodes: ['3'],
    }),
    log: [nodeFailed('AttributeError')],
  },
  'the worker’s disk is full': {
    told: ended('failed', 'execution_error', 'SaveAnimatedWEBP stopped: [Errno 28] No space left on device.', {
      nodes: ['9'],
    }),
    log: [nodeFailed('OSError')],
  },
  'somebody else interrupts it on the worker': {
    told: done(2),
    log: [nothing('lost', 'again', { detail: 'it was interrupted on the worker' })],
  },
  'it renders for longer than the job timeout': {
    told: ended('failed', 'timed_out', 'Stopped without finishing in time.'),
    log: [nothing('timed_out', 'give_up', { detail: 'not finished within the job timeout' })],
  },
} satisfies FaultTheme;

/** With a spot endpoint and an on-demand one. */
export const ATTEMPTS = {
  'the spot GPU goes away: the on-demand one takes over': {
    told: done(2),
    log: [nothing('lost', 'again', { number: 1 })],
  },
  'every attempt is lost': {
    told: ended('failed', 'lost', 'The GPU was lost during rendering. We tried 3 times. Your workflow is safe.', {
      attempts: 3,
    }),
    log: [
      nothing('lost', 'again', { number: 1 }),
      nothing('lost', 'again', { number: 2 }),
      nothing('lost', 'give_up', { number: 3 }),
    ],
  },
  'an endpoint that could not be reached does not use up the attempts of a job': {
    told: { status: 'completed', reason: null, message: null, results: 1 },
    log: [nothing('endpoint_unreachable', 'again', { number: 4 }), nothing('lost', 'again')],
  },
  'a job that has been queued for long meets an endpoint that is down for a moment': {
    told: { status: 'completed', reason: null, message: null, results: 1 },
    log: [nothing('endpoint_unreachable', 'again', { number: 4 })],
  },
  'a given-up attempt finishes after all, before the second one': {
    told: done(2),
    log: [nothing('never_started', 'again')],
  },
  'a given-up attempt finishes while the job is queued again': {
    told: done(1),
    log: [nothing('never_started', 'again')],
  },
  'a file turns up after the job is complete': { told: done(1, 2) },
  'a file turns up after the job has failed': {
    told: ended('failed', 'timed_out', 'Stopped without finishing in time.', { results: 1 }),
  },
  'an attempt writes its files and no finish marker, and nobody is asked': { told: done() },
  'an attempt writes one of two files': { told: done() },
  'a replica has run it, but nothing of it is on our share': {
    told: ended(
      'failed',
      'incomplete',
      'The GPU finished, but its files never arrived. We tried once. Your workflow is safe.',
    ),
    log: [
      nothing('incomplete', 'give_up', {
        detail: 'a replica finished it, but no files are on the share: do the workers write to this share?',
      }),
    ],
  },
} satisfies FaultTheme;

const CANCELLED = 'Cancelled.';
export const CANCEL = {
  'a queued job is cancelled': { told: ended('cancelled', 'cancelled', CANCELLED, { attempts: 0 }) },
  'a job in a replica’s queue is cancelled: it is taken out there': {
    told: ended('cancelled', 'cancelled', CANCELLED),
  },
  'a running job is cancelled: its replica stops': { told: ended('cancelled', 'cancelled', CANCELLED) },
  'a running job is cancelled on a ComfyUI that is too old to stop one job': {
    told: ended(
      'cancelled',
      'cancelled',
      'Cancelled. This GPU’s ComfyUI is too old to stop a running job: it keeps running in the background.',
    ),
  },
  'a job is cancelled while a GPU starts for it: it is never rendered': {
    told: ended('cancelled', 'cancelled', CANCELLED),
  },
  'files of a cancelled job turn up': { told: ended('cancelled', 'cancelled', CANCELLED) },
  'somebody else’s job is cancelled': { told: no('not_found', 404, 'Job not found.') },
  'a job that has ended is cancelled': { told: no('conflict', 409, 'This job has already ended.') },
} satisfies FaultTheme;

const NO_FILES =
  'The run ended without an error, but SaveImage (node <n>) produced no files. A switch or a blocked branch in the workflow can be the reason.';

export const SHARE = {
  'the share is not there when we start': { told: done(), log: [shareTrouble] },
  'the share is taken away in mid-render and comes back': { told: done(), log: [shareTrouble] },
  'a file is there by half, and the rest comes later': { told: done() },
  'a file has zero bytes for a while': { told: done() },
  'a file stays cut': { told: done() },
  'a file is deleted while it is copied, and written again': {
    told: done(),
  },
  'a file gets another name before it is whole': { told: done() },
  'a file carries another job’s id': {
    told: ended('failed', 'incomplete', NO_FILES),
    log: [
      {
        level: 'warn',
        message: 'file carries another job’s ID, not delivered',
        facts: { code: 'foreign_file', path: '0/shot_00001_.png' },
      },
    ],
  },
  'a picture cannot be drawn within bounds: it is delivered without a thumbnail': {
    told: done(),
    log: [
      {
        level: 'info',
        message: 'could not create a derived file',
        facts: { what: 'thumbnail', err: { message: 'This picture is too large to hold in memory.' } },
      },
    ],
  },
  'a link that leads to somebody else’s file': { told: ended('failed', 'incomplete', NO_FILES) },
  'a workflow that wants to save to ../../elsewhere': { told: done() },
  'a file that belongs to no job': {
    told: done(),
    admin: { procedure: 'storage.strays', shows: { path: 'comfyume/nobody/0/orphan.png', bytes: 5 } },
  },
  'the share answers EIO': { told: done(), log: [shareTrouble] },
  'the share’s handles are stale (ESTALE)': { told: done(), log: [shareTrouble] },
  'one folder of the share hangs: others’ jobs go on': { told: done(), log: [shareTrouble] },
  'no more folders can be watched': {
    told: done(),
    log: [{ level: 'warn', message: 'cannot watch a folder, scanning only' }],
  },
} satisfies FaultTheme;

export const STORAGE = {
  'the disk for results is full when a job is done': {
    told: {
      status: 'delivering',
      reason: 'storage_full',
      message:
        'Your files are safe on the shared disk, but the server has no space for them yet. The teacher has been notified.',
      attempts: 1,
      results: 0,
    },
    log: [{ level: 'warn', message: 'could not deliver a file yet, retrying', facts: { code: 'storage_full' } }],
  },
  'a job is submitted while the disk is full': {
    told: no(
      'storage_full',
      503,
      'The server’s disk is full, so no jobs are accepted. Your work is safe. Tell the teacher, who needs to free up space.',
    ),
  },
  'there is room again': { told: done() },
  'a file that the database does not know has the name of a result': {
    told: done(),
    admin: {
      procedure: 'events.list',
      shows: {
        type: 'delivery.renamed',
        actor: null,
        detail: { path: 'Anna/known_00001_.png', instead: 'Anna/known_00002_.png' },
      },
    },
  },
} satisfies FaultTheme;

const UNWRITABLE =
  'The shared file system cannot be written to (EROFS), so no files can be added. The operator needs to make its folder "inputs" writable.';
/** Mounted so, for real. */
export const READ_ONLY = {
  'we start on it': {
    told: done(),
    log: [
      {
        level: 'warn',
        message: '<path> cannot be written to (EROFS), so nobody can upload inputs.',
        facts: { doThis: 'Mount it so that the user that comfyume runs as can write there.' },
      },
    ],
  },
  'jobs are rendered: nothing of ours is made or removed there': { told: done() },
  'an input is uploaded': {
    told: no('share_unavailable', 503, UNWRITABLE),
    log: [{ level: 'warn', message: UNWRITABLE, facts: { user: 'Anna' } }],
  },
} satisfies FaultTheme;

const NO_ROOM_HOME = STORAGE['the disk for results is full when a job is done'];
/** Small disks of their own, filled for real. */
export const FULL_DISKS = {
  'the disk for results is full when a job is done': NO_ROOM_HOME,
  'the disk for results takes no more files': NO_ROOM_HOME,
  'the disk for results is full: a job is submitted': STORAGE['a job is submitted while the disk is full'],
  'the disk for results has room again': { told: done() },
  'the disk of the database is nearly full: a job is submitted': STORAGE['a job is submitted while the disk is full'],
  'the disk of the database is full: a job is submitted': {
    told: no(
      'storage_full',
      503,
      'The server’s disk is full, so nothing can be changed. Your work is safe. Tell the teacher, who needs to free up space.',
    ),
    log: [{ level: 'error', message: 'API call failed', facts: { path: 'jobs.submit' } }],
  },
  'the disk of the database is full while a job renders, and has room again': {
    told: done(),
    log: [{ level: 'warn', message: 'cannot scan the folders of attempts, retrying' }],
  },
  'the disk of the database is full: an operator signs in and makes room': { told: done() },
} satisfies FaultTheme;

export const CONTROL = {
  'the operator pauses sending': {
    told: { status: 'queued', reason: null, message: null, attempts: 0, results: 0 },
    admin: { procedure: 'queue.state', shows: { intake: 'open', dispatch: 'paused', waiting: 1, inFlight: 0 } },
  },
  'the operator resumes': {
    told: done(),
    admin: { procedure: 'queue.state', shows: { intake: 'open', dispatch: 'running', waiting: 0 } },
  },
  'the operator drains the queue: what waits is still rendered': {
    told: done(),
    admin: { procedure: 'queue.state', shows: { intake: 'paused', dispatch: 'running', waiting: 0 } },
  },
  'a job is submitted while the queue is closed': {
    told: no('conflict', 409, NOT_ACCEPTING),
  },
  'the operator switches the endpoint off: what runs there goes on': {
    told: done(),
    admin: { procedure: 'endpoints.list', shows: { enabled: false, inFlight: 0 } },
  },
  'the operator puts a job first': { told: done() },
  'a participant has too many queued jobs': {
    told: no('too_many_jobs', 429, 'You have 2 jobs in the queue, the limit is 2. Try again when some are done.'),
  },
  'a participant has reached their limit of jobs on GPUs': {
    told: { status: 'queued', reason: null, message: null, attempts: 0, results: 0 },
    admin: { procedure: 'queue.state', shows: { waiting: 1, inFlight: 1 } },
  },
} satisfies FaultTheme;

export const BREAKER = {
  'an endpoint goes down: its jobs flow to the other one': {
    told: done(2),
    log: [resting],
    admin: { procedure: 'endpoints.list', shows: { name: 'GPUs', restsUntil: '<time>' } },
  },
  'an endpoint loses job after job: it cools down': {
    told: done(3),
    log: [{ level: 'warn', message: 'circuit breaker opened', facts: { kind: 'lost', failures: 2 } }],
    admin: { procedure: 'endpoints.list', shows: { name: 'By hand', restsUntil: '<time>' } },
  },
  'after cooling down one job at a time tests it': {
    told: done(2),
    admin: { procedure: 'endpoints.list', shows: { inFlight: 1, capacity: 3, restsUntil: null } },
  },
  'the endpoint shows life again: all of it is used': {
    told: done(2),
    admin: { procedure: 'endpoints.list', shows: { inFlight: 3, capacity: 3, restsUntil: null } },
  },
} satisfies FaultTheme;

const WAIT = 'Try again in <n> seconds.';
export const SECRETS = {
  'the server is restarted while a job waits that was sent with the key of a Comfy account': {
    told: ended(
      'failed',
      'key_forgotten',
      'The key of your Comfy account was kept in memory only, and the server was restarted. Send the job again from where you sent it: ComfyUI or your program.',
      { attempts: 0 },
    ),
  },
  'an operator names one of comfyume’s own secrets as the key of an endpoint': {
    told: no(
      'invalid_input',
      400,
      'VERDA_CLIENT_SECRET is a secret of comfyume itself and is never sent to an endpoint.',
    ),
  },
  'an operator names any other variable as the key of an endpoint': {
    told: no(
      'invalid_input',
      400,
      'HOME may not be sent to an endpoint. Name it in ENDPOINT_KEYS, or use a variable that begins with COMFY_KEY, then start again.',
    ),
  },
  'an endpoint leads to where a cloud keeps its secrets: its jobs wait': {
    told: { status: 'queued', reason: null, message: null, results: 0 },
    admin: {
      procedure: 'endpoints.test',
      shows: {
        well: false,
        sentence:
          'No connection (169.254.169.254 is a link-local or metadata address, and nothing is sent there. Give the endpoint its own address.).',
      },
    },
  },
  'a token makes a token': {
    told: no('forbidden', 403, 'A token cannot create tokens. Sign in with a browser and create it under Account.'),
  },
  'a token that may read sends a job': {
    told: no('forbidden', 403, 'This token may only read. Create one with a wider scope under Account.'),
  },
  'a token is used after its owner signed out everywhere': { told: no('not_signed_in', 401, 'Please sign in.') },
  'somebody guesses a passphrase': { told: no('too_many_attempts', 429, `Too many attempts. ${WAIT}`) },
  'somebody guesses at class codes': {
    told: no('too_many_attempts', 429, `Too many wrong codes from this network. ${WAIT}`),
  },
  'somebody fills a class through its code': {
    told: no('too_many_attempts', 429, `At most 10 people a minute join from one network. ${WAIT}`),
    admin: { procedure: 'joinCodes.removeJoined', shows: { removed: 10, kept: 0 } },
  },
  'somebody joins by a name that looks like the teacher’s': {
    told: no(
      'conflict',
      409,
      '"Te\u0430cher" looks like "Teacher", who is already in the class. Add something, such as a second name.',
    ),
  },
  'somebody joins by a name that turns the direction of writing': {
    told: no('invalid_input', 400, 'name: A name cannot contain / \\ : * ? " < > | or control characters.'),
  },
  'somebody chooses one of the commonest passphrases': { told: no('invalid_input', 400, COMMON) },
  'somebody chooses a short passphrase': {
    told: no('invalid_input', 400, 'next: A passphrase has at least 10 characters.'),
  },
  'somebody chooses a passphrase of spaces': {
    told: no('invalid_input', 400, 'next: A passphrase needs more than spaces.'),
  },
  'a browser is led here by a name that is not ours': {
    told: no(
      'foreign_origin',
      421,
      'comfyume is not served as “evil.test”. Set PUBLIC_URL to the address that people use, or add it to ALLOWED_ORIGINS, then start again.',
    ),
  },
} satisfies FaultTheme;

const TOO_LARGE = 'The request is too large, the limit is ';
const SLOW = 'Next to nothing of this request arrived for 0.3 s. Send it again over a faster connection.';
const AN_UPLOAD = 'Delete some under Inputs, then add this one again.';
/** Work without end in one request, and more than one person’s share. */
export const BOUNDS = {
  'a stranger signs in with 16 MB of brackets': { told: no('too_large', 413, `${TOO_LARGE}16 KB.`) },
  'a stranger submits 9 MB of brackets': { told: no('not_signed_in', 401, 'Please sign in.') },
  'a call that needs little is sent 300 KB': { told: no('too_large', 413, `${TOO_LARGE}256 KB.`) },
  'a workflow of more than 10 MB is submitted': { told: no('too_large', 413, `${TOO_LARGE}10 MB.`) },
  'a workflow of nothing but brackets is submitted': {
    told: no('invalid_graph', 400, 'The JSON is nested more than 64 levels deep.'),
  },
  'a workflow of four million numbers is submitted': {
    told: no('too_large', 413, 'The JSON has more than 1,000,000 values.'),
  },
  'a workflow has 600 nodes with 50 links each': {
    told: no('invalid_graph', 400, 'The workflow has 30000 links; at most 25000 are allowed.'),
  },
  'a workflow has 600 nodes with 500 links each': {
    told: no('invalid_graph', 400, 'The workflow has more than 50000 inputs, the limit.'),
  },
  'a workflow with 2,000 save nodes behind all its links is submitted': {
    told: { status: 'queued', reason: null, message: null, attempts: 0, results: 0 },
  },
  'a workflow names 1,500 different files': {
    told: no('invalid_graph', 400, 'The workflow names more than 1000 different files.'),
  },
  'one request holds 21 calls': {
    told: no('invalid_input', 400, 'One request can hold 20 calls, not 21. Send the rest in another.'),
  },
  'a third large request comes while two of the same person arrive': {
    told: no('too_many_attempts', 429, 'Too many large requests at a time. Try again in 5 seconds.'),
  },
  'a request stops arriving': { told: no('invalid_input', 408, SLOW) },
  'a request arrives one byte at a time': { told: no('invalid_input', 408, SLOW) },
  'a form has a head that no browser sends': {
    told: no('invalid_input', 400, 'The headers of this form cannot be read. Send the file as browsers do.'),
  },
  'more people sign in at once than can be checked': {
    told: no('too_many_attempts', 429, 'Too many people are signing in right now. Try again in 3 seconds.'),
  },
  'a participant hands in more jobs in a minute than they may': {
    told: no('too_many_jobs', 429, 'You submitted 2 jobs within a minute, the limit is 2. Try again in a minute.'),
  },
  'a participant’s workflows take more of the database than they may': {
    told: no(
      'too_many_jobs',
      429,
      'Your workflows take 800 KB of the database, the limit is 1.0 MB. The teacher can raise it in the settings.',
    ),
  },
  'a participant uploads more than they may have': {
    told: no('too_large', 413, `Your 2 uploads take 1.6 MB, the limit is 10000 files or 2.0 MB. ${AN_UPLOAD}`),
  },
  'a seventh file is uploaded while six arrive': {
    told: no('too_many_attempts', 429, '6 of your uploads are in progress. Try again when one has finished.'),
  },
  'a 21st token is made': {
    told: no('conflict', 409, 'You have 20 tokens. Revoke one that you no longer need.'),
  },
} satisfies FaultTheme;

/** WebSockets. */
export const CONNECTIONS = {
  'a connection says more than anybody who works with it would': shut('more than 50 messages in a second'),
  'the connections of one person together say too much': shut('more than 100 messages in a second on all connections'),
  'a connection says more bytes than its owner may': shut('more than 1.0 MB in a second on all connections'),
  'a connection does not read what it is sent': shut('more than 4.0 MB not read'),
  'a person opens connections one after another': {
    told: no(null, 429, 'More than 40 connections were opened in 10 s. Try again after that time.'),
  },
  'a person opens a 21st connection': {
    told: no(null, 429, 'You have 20 connections open. Close some of them first.'),
  },
} satisfies FaultTheme;

const FROM_GALLERY =
  'This way into ComfyUI was used already, is older than 30 seconds, or is another browser’s. Open ComfyUI from the gallery again.';
/** With COMFYUI_ORIGIN: ComfyUI tabs at their own origin. */
export const TABS = {
  'somebody takes the way into a tab in another browser than the one that asked': {
    told: no(null, 401, FROM_GALLERY),
    log: [{ level: 'info', message: 'refused', facts: { path: '/enter', code: 'not_signed_in' } }],
  },
  'the way into a tab is taken twice': { told: no(null, 401, FROM_GALLERY) },
  'the session in the gallery ends on the way into a tab': { told: no(null, 401, FROM_GALLERY) },
  'an operator opens a tab': {
    told: no(
      null,
      403,
      'ComfyUI is for participants. To open somebody’s, choose “View as” in Admin, Participants, then ComfyUI. To try your own, add a participant for yourself.',
    ),
  },
  'somebody opens a tab for whom ComfyUI is turned off': {
    told: no(
      null,
      403,
      'ComfyUI is turned off for you. Ask the teacher to turn it on. Your files and workflows are kept.',
    ),
  },
  'a script in the gallery takes the way into a tab unseen': { told: no(null, 400, 'Open ComfyUI from the gallery.') },
  'a script in a tab uses its session in the gallery': { told: no('not_signed_in', 401, 'Please sign in.') },
  'a script in a tab creates a token': {
    told: no('forbidden', 403, 'ComfyUI’s page can only send jobs and read. Do this in the gallery.'),
  },
  'a tab asks for what the gallery has': { told: no(null, 404, 'ComfyUI has nothing at this address here.') },
} satisfies FaultTheme;

export const TABLE: Readonly<Record<string, FaultTheme>> = {
  'What the endpoint answers': ANSWERS,
  Replicas: REPLICAS,
  'Attempts, with a spot endpoint and an on-demand one': ATTEMPTS,
  Cancelling: CANCEL,
  'The share': SHARE,
  'A share that is read-only for us': READ_ONLY,
  'The disk for results': STORAGE,
  'Disks that are really full': FULL_DISKS,
  'Queue control': CONTROL,
  'Endpoints at rest': BREAKER,
  'Secrets and sessions': SECRETS,
  'ComfyUI tabs at their own origin': TABS,
  'Too much at once': BOUNDS,
  'WebSockets that are too much': CONNECTIONS,
};

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');

function toldInWords(told: FaultRow['told']): string {
  if ('closed' in told) return `connection closed (${told.closed}): ${cell(told.message)}`;
  if ('refused' in told)
    return `refused${told.refused === null ? '' : `, \`${told.refused}\``} (HTTP ${told.http}): ${cell(told.message)}`;
  const { status, reason, message, attempts, results, nodes = [] } = told;
  const tried = attempts === undefined ? 'some attempts' : attempts === 1 ? '1 attempt' : `${attempts} attempts`;
  const parts = [
    `**${status}**${reason === null ? '' : ` \`${reason}\``}${message === null ? '' : `: ${cell(message)}`}`,
    `${tried}, ${results === 1 ? '1 result' : `${results} results`}`,
    ...(nodes.length > 0 ? [`marked: node ${nodes.join(', ')}`] : []),
  ];
  return parts.join('<br>');
}

function shownInWords({ log = [], admin }: FaultRow): string {
  const lines = log.map(({ level, message, facts }) => {
    const named = Object.entries(facts ?? {}).filter(
      ([, value]) => !(typeof value === 'string' && /^<(id|time)>$/.test(value)),
    );
    return `${level}: “${cell(message)}”${named.length === 0 ? '' : ` ${cell(named.map(([key, value]) => `${key} ${JSON.stringify(value)}`).join(', '))}`}`;
  });
  if (admin) lines.push(`\`admin.${admin.procedure}\`: ${cell(JSON.stringify(admin.shows))}`);
  return lines.length === 0 ? '–' : lines.join('<br>');
}

/** The table as docs/faults.md has it. */
export function faultsDocument(): string {
  const themes = Object.entries(TABLE).map(([title, theme]) => {
    const rows = Object.entries(theme).map(
      ([what, fault]) => `| ${cell(what)} | ${toldInWords(fault.told)} | ${shownInWords(fault)} |`,
    );
    return [
      `## ${title}`,
      '',
      '| what happens | what the participant sees | what the operator sees |',
      '|---|---|---|',
      ...rows,
      '',
    ].join('\n');
  });
  return `# Faults\n\nEvery row is a test (\`src/server/integration/faults\`), and this page is made from the same table.\n\n${themes.join('\n')}`;
}
