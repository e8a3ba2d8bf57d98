import { counted } from '#src/domain/measures.ts';
import { settingWords } from '../settings/setting-fields.ts';

type Detail = Readonly<Record<string, unknown>>;
/** `whom`: the name of what it was done to, as far as it is still there. */
type Words = (detail: Detail, whom: string) => string;

const text = (detail: Detail, key: string): string => {
  const value = detail[key];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
};
const count = (value: unknown): number => (Array.isArray(value) ? value.length : 0);
const quoted = (words: string): string => (words === '' ? '' : ` “${words}”`);
const time = (detail: Detail, key: string): string => {
  const at = Date.parse(text(detail, key));
  return Number.isNaN(at) ? '' : new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
};
const until = (detail: Detail, key = 'until'): string =>
  time(detail, key) === '' ? '' : ` until ${time(detail, key)}`;
const many = (detail: Detail, one: string, key = 'ids'): string => {
  const number = count(detail[key]);
  return number === 1 ? `a ${one}` : `${number} ${one}s`;
};
const some = (detail: Detail, key: string, one: string): string => counted(Number(text(detail, key)), one);

const WORDS: Readonly<Record<string, Words>> = {
  'admin.queue.pause': ({ intake }) =>
    intake === true ? 'Paused the queue, and takes no new jobs' : 'Paused sending to GPUs',
  'admin.queue.drain': () => 'Lets the line run empty: no new jobs are taken',
  'admin.queue.resume': () => 'Let the queue go on',
  'admin.queue.prioritise': (detail, whom) => {
    const what = 'ids' in detail ? many(detail, 'job') : whom;
    return detail.priority === 0 ? `Put ${what} back into the common line` : `Moved ${what} to the front`;
  },
  'admin.queue.cancel': (detail, whom) => ('ids' in detail ? `Cancelled ${many(detail, 'job')}` : `Cancelled ${whom}`),
  'admin.queue.retry': (detail, whom) => ('ids' in detail ? `Sent ${many(detail, 'job')} again` : `Sent ${whom} again`),
  'admin.participants.create': (detail) => `Added ${many(detail, 'participant', 'names')}`,
  'admin.participants.setEnabled': ({ enabled }, whom) =>
    enabled === true ? `Let ${whom} in again` : `Shut ${whom} out`,
  'admin.participants.resetPassphrase': (_, whom) => `Gave ${whom} a new passphrase`,
  'admin.participants.rename': (detail, whom) =>
    `Renamed ${whom === text(detail, 'name') ? 'a participant' : whom} to ${text(detail, 'name')}`,
  'admin.participants.delete': (_, whom) => `Deleted ${whom}`,
  'admin.participants.restore': (_, whom) => `Brought ${whom} back`,
  'admin.participants.setCaps': (_, whom) => `Changed how many jobs ${whom} may have`,
  'admin.participants.setRole': (detail, whom) =>
    `Made ${whom} ${text(detail, 'role') === 'operator' ? 'an operator' : 'a participant'}`,
  'admin.participants.lookAs': (_, whom) => `Looked through the eyes of ${whom}`,
  'admin.joinCodes.open': () => 'Opened a class code',
  'admin.joinCodes.close': () => 'Closed a class code',
  'admin.joinCodes.removeJoined': () => 'Closed a class code, and removed who had joined by it and sent nothing',
  'admin.tokens.revoke': () => 'Revoked somebody’s token',
  'admin.endpoints.upsert': (detail) => `Set up the endpoint ${text(detail, 'name')}`,
  'admin.endpoints.setEnabled': ({ enabled }, whom) => (enabled === true ? `Enabled ${whom}` : `Disabled ${whom}`),
  'admin.endpoints.order': () => 'Changed the order of the endpoints',
  'admin.endpoints.close': (detail, whom) => `Closed ${whom} for ${text(detail, 'minutes')} min`,
  'admin.endpoints.open': (_, whom) => `Opened ${whom} again`,
  'admin.endpoints.remove': (_, whom) => `Removed ${whom}`,
  'admin.endpoints.test': (_, whom) => `Tested ${whom}`,
  'admin.endpoints.keepWarm': (detail, whom) => `Keeps ${whom} warm${until(detail)}`,
  'admin.endpoints.stopWarming': (_, whom) => `Lets ${whom} go cold`,
  'admin.settings.change': (detail) =>
    Object.entries(detail)
      .map(([key, value]) => settingWords(key, value))
      .join(' · '),
  'admin.workflows.add': (detail) => `Handed out the workflow${quoted(text(detail, 'name'))}`,
  'admin.workflows.setOffered': ({ offered }, whom) =>
    offered === true ? `Offers ${whom} in every ComfyUI tab` : `Offers ${whom} no more`,
  'admin.workflows.remove': (_, whom) => `Removed ${whom}`,
  'admin.announcement.set': (detail) =>
    `${detail.eyesOnMe === true ? 'Eyes on me' : 'Announced'}${quoted(text(detail, 'text'))}${until(detail)}`,
  'admin.announcement.clear': () => 'Ended the announcement',
  'admin.announcement.openWorkflow': (_, whom) => `Opened ${whom} for everybody`,
  'admin.announcement.closeWorkflow': () => 'Stopped opening a workflow for everybody',
  'admin.clientLogs.clear': (detail) => `Cleared browser logs${quoted(text(detail, 'group'))}`,
  'announcement.ended': (detail) => `The announcement${quoted(text(detail, 'text'))} ended, for its time was over`,
  'endpoint.rests': (detail, whom) =>
    text(detail, 'kind') === 'lost' ? `${whom} loses its jobs, and rests` : `${whom} cannot be reached, and rests`,
  'endpoint.works': (_, whom) => `${whom} works again`,
  'endpoint.warmUp': (detail, whom) => `Warmed up ${whom} with${quoted(text(detail, 'workflow'))}`,
  'endpoint.warmEnded': (detail, whom) => `${whom} is not kept warm any more: ${text(detail, 'why')}`,
  'class.joined': (detail) => `${text(detail, 'name')} joined by the code ${text(detail, 'code')}`,
  'attempt.explained': (detail) =>
    `What came to nothing at ${text(detail, 'deployment')}, probably: ${text(detail, 'probably')}`,
  'replicas.held': (detail) =>
    `Keeps at least ${some(detail, 'to', 'replica')} up while needed; it was ${text(detail, 'from')}`,
  'replicas.letGo': (detail) => `Lets replicas go down to ${text(detail, 'to')} again`,
  'replicas.leftAlone': (detail) =>
    `Leaves the smallest number of replicas at ${text(detail, 'found')}, which somebody else has set`,
  'admin.platform.adopt': (detail) => `Made an endpoint of the deployment ${text(detail, 'deployment')}`,
  'admin.backups.make': () => 'Asked for a backup',
  'backup.made': (detail) => `A backup was made, with ${some(detail, 'files', 'file')}`,
  'admin.storage.give': (detail, whom) => `Gave ${many(detail, 'stray', 'paths')} to ${whom}`,
  'admin.storage.setIgnored': (detail) =>
    `${detail.ignored === true ? 'Ignored' : 'Showed again'} ${many(detail, 'stray', 'paths')}`,
  'admin.storage.look': () => 'Looked at share, disks and connections again',
  'admin.storage.makeRoom': () => 'Made room on the disk of the database',
  'admin.storage.cleanUp': () => 'Cleaned up old results',
  'admin.storage.undoCleanUp': () => 'Brought back what was cleaned up',
  'storage.cleanedUp': (detail) => `Cleaned up ${some(detail, 'files', 'old result')} by itself`,
  'delivery.renamed': (detail) =>
    `Delivered ${text(detail, 'instead')}: ${text(detail, 'path')} is the name of a file that the database does not know`,
  'server.started': (detail) => `The server started, version ${text(detail, 'version')}`,
  'server.stopped': () => 'The server stopped',
  'trouble.began': (detail) => text(detail, 'sentence'),
  'trouble.ended': (detail) => `Over: ${text(detail, 'sentence')}`,
};

/** The types whose sentences have these words. */
export const typesOf = (words: string): string[] =>
  Object.entries(WORDS)
    .filter(([, sentence]) => sentence({}, '').toLowerCase().includes(words.toLowerCase()))
    .map(([type]) => type);

/** What these words stand for in the details of acts, as it is written down. */
export const detailOf = (words: string): string | null =>
  'eyes on me'.includes(words.toLowerCase()) ? '"eyesOnMe":true' : null;

/** What somebody did, as a sentence without the subject. What is not known here is told as it was written down. */
export function actWords(act: {
  readonly type: string;
  readonly detail: Detail;
  readonly subject: string | null;
}): string {
  const words = WORDS[act.type];
  if (words) return words(act.detail, act.subject ?? 'what is gone now');
  const told = Object.entries(act.detail)
    .filter(([key]) => key !== 'id')
    .map(([key, value]) => `${key} ${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const name = act.type
    .replace(/^admin\./, '')
    .replace('.', ': ')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return [act.subject === null ? name : `${name} ${act.subject}`, ...told].join(', ');
}
