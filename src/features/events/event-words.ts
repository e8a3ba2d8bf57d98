import { listOf } from '#src/domain/events/audit-detail.ts';
import { counted } from '#src/domain/measures.ts';
import { settingWords } from '../settings/setting-words.ts';

type Detail = Readonly<Record<string, unknown>>;
/** `whom`: the name of the subject, if it still exists. */
type Words = (detail: Detail, whom: string) => string;

const MAX_NAMED = 3;

const text = (detail: Detail, key: string): string => {
  const value = detail[key];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
};
const count = (value: unknown): number => {
  if (!Array.isArray(value)) return 0;
  const { items, more } = listOf(value);
  return items.length + more;
};
const quoted = (words: string): string => (words === '' ? '' : ` “${words}”`);
const time = (detail: Detail, key: string): string => {
  const at = Date.parse(text(detail, key));
  return Number.isNaN(at) ? '' : new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
};
const until = (detail: Detail, key = 'until'): string =>
  time(detail, key) === '' ? '' : ` until ${time(detail, key)}`;
const many = (detail: Detail, one: string, key = 'ids'): string => {
  const number = count(detail[key]);
  const names = Array.isArray(detail.names) && key === 'ids' ? detail.names.slice(0, MAX_NAMED).map(String) : [];
  if (number === 1) return names[0] === undefined ? `a ${one}` : `the ${one} “${names[0]}”`;
  const named = names.map((name) => `“${name}”`).join(', ');
  return `${number} ${one}s${named && ` (${named}${number > names.length ? ' …' : ''})`}`;
};
const some = (detail: Detail, key: string, one: string): string => counted(Number(text(detail, key)), one);

const unfinished = (detail: Detail): string =>
  text(detail, 'unfinished') === '' ? '' : `; not finished: ${text(detail, 'unfinished')}`;

const WORDS: Readonly<Record<string, Words>> = {
  'admin.queue.pause': ({ intake }) =>
    intake === true ? 'Paused the queue and stopped accepting jobs' : 'Paused the queue',
  'admin.queue.drain': () => 'Started draining the queue: no new jobs are accepted',
  'admin.queue.resume': () => 'Resumed the queue',
  'admin.queue.prioritise': (detail, whom) => {
    const what = 'ids' in detail ? many(detail, 'job') : whom;
    return detail.priority === 0 ? `Reset the priority of ${what}` : `Moved ${what} to the front`;
  },
  'admin.queue.cancel': (detail, whom) => ('ids' in detail ? `Cancelled ${many(detail, 'job')}` : `Cancelled ${whom}`),
  'admin.queue.retry': (detail, whom) => ('ids' in detail ? `Sent ${many(detail, 'job')} again` : `Sent ${whom} again`),
  'admin.participants.create': (detail) => `Added ${many(detail, 'participant', 'names')}`,
  'admin.participants.setEnabled': ({ enabled }, whom) => (enabled === true ? `Enabled ${whom}` : `Disabled ${whom}`),
  'admin.participants.resetPassphrase': (_, whom) => `Reset the passphrase of ${whom}`,
  'admin.participants.rename': (detail, whom) =>
    `Renamed ${whom === text(detail, 'name') ? 'a participant' : whom} to ${text(detail, 'name')}`,
  'admin.participants.delete': (_, whom) => `Deleted ${whom}`,
  'admin.participants.restore': (_, whom) => `Restored ${whom}`,
  'admin.participants.setComfyui': ({ on }, whom) => `Turned ComfyUI ${on === true ? 'on' : 'off'} for ${whom}`,
  'admin.participants.setCaps': (_, whom) => `Changed the job limits of ${whom}`,
  'admin.participants.setRole': (detail, whom) =>
    `Made ${whom} ${text(detail, 'role') === 'operator' ? 'an operator' : 'a participant'}`,
  'admin.participants.lookAs': (_, whom) => `Viewed as ${whom}`,
  'admin.joinCodes.open': () => 'Opened a class code',
  'admin.joinCodes.close': () => 'Closed a class code',
  'admin.joinCodes.removeJoined': () => 'Closed a class code and removed its unused accounts',
  'admin.tokens.revoke': () => 'Revoked a participant’s token',
  'admin.endpoints.upsert': (detail) => `Set up the endpoint ${text(detail, 'name')}`,
  'admin.endpoints.setEnabled': ({ enabled }, whom) => (enabled === true ? `Enabled ${whom}` : `Disabled ${whom}`),
  'admin.endpoints.order': () => 'Changed the order of the endpoints',
  'admin.endpoints.close': (detail, whom) => `Paused ${whom} for ${text(detail, 'minutes')} min`,
  'admin.endpoints.open': (_, whom) => `Resumed ${whom}`,
  'admin.endpoints.remove': (_, whom) => `Removed ${whom}`,
  'admin.endpoints.test': (_, whom) => `Tested ${whom}`,
  'admin.endpoints.testListening': (_, whom) => `Started a test of live progress at ${whom}`,
  'admin.frontEnds.refresh': (_, whom) => `Started reading the ComfyUI editor from ${whom}`,
  'admin.endpoints.keepWarm': (detail, whom) => `Started keeping ${whom} warm${until(detail)}`,
  'admin.endpoints.stopWarming': (_, whom) => `Stopped keeping ${whom} warm`,
  'admin.settings.change': (detail) =>
    Object.entries(detail)
      .map(([key, value]) => settingWords(key, value))
      .join(' · '),
  'admin.workflows.add': (detail) => `Added the class workflow${quoted(text(detail, 'name'))}`,
  'admin.workflows.setOffered': ({ offered }, whom) =>
    offered === true ? `Offered ${whom} to the class` : `Hid ${whom} from the class`,
  'admin.workflows.present': (_, whom) => `Changed the form of ${whom}`,
  'admin.workflows.setPicture': ({ picture }, whom) =>
    picture === null ? `Removed the picture of ${whom}` : `Changed the picture of ${whom}`,
  'admin.workflows.order': () => 'Changed the order of the class workflows',
  'admin.workflows.remove': (_, whom) => `Removed ${whom}`,
  'admin.announcement.set': (detail) =>
    `${detail.eyesOnMe === true ? 'Please look up' : 'Announced'}${quoted(text(detail, 'text'))}${until(detail)}`,
  'admin.announcement.clear': () => 'Ended the announcement',
  'admin.announcement.openWorkflow': (_, whom) => `Opened ${whom} for everyone`,
  'admin.announcement.closeWorkflow': () => 'Stopped opening a workflow for everyone',
  'admin.clientLogs.clear': (detail) => `Cleared browser logs${quoted(text(detail, 'group'))}`,
  'inputs.add': (detail) => `Uploaded${quoted(text(detail, 'file'))}`,
  'jobs.submit': () => 'Submitted a job',
  'jobs.cancel': (_, whom) => `Cancelled ${whom}`,
  'jobs.retry': (_, whom) => `Ran ${whom} again`,
  'jobs.vary': (_, whom) => `Ran a version of ${whom}`,
  'comfyui.opened': (_, whom) => `Opened the ComfyUI of ${whom}`,
  'comfyui.changed': (detail, whom) => `Changed something in the ComfyUI of ${whom} (${text(detail, 'what')})`,
  'session.lookBack': (_, whom) => `Stopped viewing as ${whom}`,
  'announcement.ended': (detail) => `The announcement${quoted(text(detail, 'text'))} expired`,
  'endpoint.rests': (detail, whom) =>
    text(detail, 'kind') === 'lost'
      ? `${whom} lost its jobs and is cooling down`
      : `${whom} cannot be reached and is cooling down`,
  'endpoint.works': (_, whom) => `${whom} works again`,
  'endpoint.warmUp': (detail, whom) => `Warmed up ${whom} with${quoted(text(detail, 'workflow'))}`,
  'endpoint.warmEnded': (detail, whom) => `Stopped keeping ${whom} warm: ${text(detail, 'why')}`,
  'endpoint.listeningTested': (detail, whom) => `Tested live progress at ${whom}. ${text(detail, 'sentence')}`,
  'class.joined': (detail) => `${text(detail, 'name')} joined with the code ${text(detail, 'code')}`,
  'attempt.explained': (detail) =>
    `Failed attempt at ${text(detail, 'deployment')}, probable cause: ${text(detail, 'probably')}`,
  'replicas.held': (detail) =>
    `Raised the minimum to ${some(detail, 'to', 'replica')} to prevent scale-in; it was ${text(detail, 'from')}`,
  'replicas.letGo': (detail) => `Reset the minimum number of replicas to ${text(detail, 'to')}`,
  'replicas.leftAlone': (detail) =>
    `Left the minimum number of replicas at ${text(detail, 'found')}, set by somebody else`,
  'admin.platform.adopt': (detail) => `Added an endpoint for the deployment ${text(detail, 'deployment')}`,
  'admin.backups.make': () => 'Started a backup',
  'backup.made': (detail) => `Backup made: ${some(detail, 'files', 'file')}`,
  'admin.storage.give': (detail, whom) => `Assigned ${many(detail, 'orphaned file', 'paths')} to ${whom}`,
  'admin.storage.setIgnored': (detail) =>
    `${detail.ignored === true ? 'Ignored' : 'Stopped ignoring'} ${many(detail, 'orphaned file', 'paths')}`,
  'admin.storage.look': () => 'Ran the health check',
  'admin.storage.makeRoom': () => 'Freed up space on the database disk',
  'admin.storage.cleanUp': () => 'Cleaned up old results',
  'admin.storage.undoCleanUp': () => 'Restored cleaned-up results',
  'storage.cleanedUp': (detail) => `Cleaned up ${some(detail, 'files', 'old result')} automatically`,
  'delivery.renamed': (detail) =>
    `Saved a result as ${text(detail, 'instead')}: an unknown file is named ${text(detail, 'path')}`,
  'server.started': (detail) => `The server started, version ${text(detail, 'version')}`,
  'server.stopped': () => 'The server stopped',
  'trouble.began': (detail) => text(detail, 'sentence'),
  'trouble.ended': (detail) => `Resolved: ${text(detail, 'sentence')}`,
};

/** The types whose sentences have these words. */
export const typesOf = (words: string): string[] =>
  Object.entries(WORDS)
    .filter(([, sentence]) => sentence({}, '').toLowerCase().includes(words.toLowerCase()))
    .map(([type]) => type);

/** The details of audit events that these words mean, as stored. */
export const detailOf = (words: string): string | null =>
  'please look up'.includes(words.toLowerCase()) ? '"eyesOnMe":true' : null;

/** Who did it, as the operator whose name it is also in a participant’s account. */
export const actorWords = (event: {
  readonly actor: { readonly name: string } | null;
  readonly onBehalfOf: { readonly name: string } | null;
}): string => `${event.actor?.name ?? 'System'}${event.onBehalfOf ? ` as ${event.onBehalfOf.name}` : ''}`;

/** An audit event as a sentence without its subject. Unknown events show their details as recorded. */
export function eventWords(event: {
  readonly type: string;
  readonly detail: Detail;
  readonly subject: string | null;
}): string {
  const words = WORDS[event.type];
  if (words) return `${words(event.detail, event.subject ?? 'a deleted item')}${unfinished(event.detail)}`;
  const rest = Object.entries(event.detail)
    .filter(([key]) => key !== 'id' && key !== 'as' && key !== 'unfinished')
    .map(([key, value]) => `${key} ${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const name = event.type
    .replace(/^admin\./, '')
    .replace('.', ': ')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return `${[event.subject === null ? name : `${name} ${event.subject}`, ...rest].join(', ')}${unfinished(event.detail)}`;
}
