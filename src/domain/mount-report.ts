import { room } from './disk-report.ts';
import { type Finding, fault, fine, type Outcome, seconds, warn } from './finding.ts';
import { attributeCache, type Mount } from './mountinfo.ts';

export type FolderFacts =
  | { readonly type: 'missing' }
  | { readonly type: 'unreadable'; readonly code: string }
  /** Nothing can be written. */
  | { readonly type: 'refused'; readonly code: string }
  /** `skewMs`: by how much the share's clock is ahead of ours. `events`: whether the system tells of what we write ourselves, or why it cannot be asked to. */
  | {
      readonly type: 'writable';
      readonly skewMs: number;
      readonly events: 'seen' | 'not seen' | { readonly code: string };
    };

export type ShareFacts = {
  readonly dir: string;
  readonly waitedMs: number;
  readonly root: Outcome<null>;
  readonly mount: Mount | null;
  /** Another host may write there without this one being told. */
  readonly remote: Outcome<boolean>;
  readonly outputs: Outcome<FolderFacts>;
  readonly inputs: Outcome<FolderFacts>;
  /** Bytes; null = it does not tell. */
  readonly free: Outcome<number | null>;
};

export type ShareUse = {
  readonly watch: 'auto' | 'events' | 'poll';
  readonly pollMs: number;
  /** Some endpoint is on another machine. */
  readonly workersElsewhere: boolean;
  /** Without endpoints of one's own, the start makes the folders. */
  readonly madeAtStart: boolean;
};

const LATE_S = 3;
const SKEWED_MS = 2000;

/** What is to be said of the shared file system. */
export function shareReport(facts: ShareFacts, use: ShareUse): Finding[] {
  const { dir, root, mount, remote, outputs, inputs, free } = facts;
  const where = mount ? `${mount.type} from ${mount.source}` : null;
  if ([root, remote, outputs, inputs, free].some(({ type }) => type === 'silent'))
    return [
      fault(
        'Share',
        `The shared file system at ${dir}${where ? ` (${where})` : ''} gave no answer within ${seconds(facts.waitedMs)}.`,
        'Look at the file server and the network between; a mount that stays silent is taken off with "umount -f -l" and mounted again.',
      ),
    ];
  if (root.type === 'failed') {
    if (root.code === 'ENOENT' && use.madeAtStart) return [fine('Share', `${dir} is made at the first start.`)];
    return [unreadable(dir, root.code)];
  }
  const isRemote = remote.type === 'got' && remote.value;
  return [
    kind(facts, isRemote, use),
    ...(mount ? cache(mount, isRemote, use.pollMs) : []),
    ...folder('outputs', dir, outputs),
    ...folder('inputs', dir, inputs),
    ...events(facts, isRemote, use),
    ...clock(facts),
    ...roomOnShare(dir, free),
  ];
}

function unreadable(dir: string, code: string): Finding {
  if (code === 'ENOENT')
    return fault(
      'Share',
      `SFS_DIR is ${dir}, and there is no such folder.`,
      'Mount the shared file system there, or set SFS_DIR to where it is mounted.',
    );
  if (code === 'ESTALE' || code === 'ENOTCONN')
    return fault(
      'Share',
      `The mount at ${dir} is a dead one (${code}): the file server no longer knows it.`,
      'Unmount it (umount -l) and mount it again.',
    );
  if (code === 'EACCES' || code === 'EPERM')
    return fault(
      'Share',
      `${dir} may not be read by the user that comfyume runs as (${code}).`,
      'Give that user the right to read it, or look at the export’s options (root_squash, uid, gid).',
    );
  return fault(
    'Share',
    `The shared file system at ${dir} cannot be read (${code}).`,
    'Look at the mount and at the file server.',
  );
}

function kind({ dir, mount }: ShareFacts, isRemote: boolean, use: ShareUse): Finding {
  if (!mount)
    return {
      ...fine('Share', `${dir} can be read; this system does not tell how it is mounted.`),
      doThis: 'If it is NFS, see that its mount options have actimeo=1.',
    };
  const said = `${dir} is on ${mount.type} from ${mount.source}, mounted at ${mount.point}`;
  if (!isRemote && use.workersElsewhere)
    return warn(
      'Share',
      `${said}: a disk of this machine, while the GPUs are on others.`,
      'Mount the shared file system there, if it should be one. If this machine is the file server itself, all is well.',
    );
  return fine('Share', `${said}.`);
}

function cache(mount: Mount, isRemote: boolean, pollMs: number): Finding[] {
  const what = 'Attribute cache';
  const believed = attributeCache(mount, isRemote);
  switch (believed.kind) {
    case 'none':
      return isRemote ? [fine(what, `The mount remembers nothing: a file is seen within ${seconds(pollMs)}.`)] : [];
    case 'unknown':
      return [
        fine(
          what,
          `${mount.type} does not tell how long it remembers what is in a folder; if results come late, look at its cache options.`,
        ),
      ];
    case 'seconds': {
      const mounted = believed.isDefault ? 'No cache time is set, so the mount' : 'The mount';
      const late = `${mounted} remembers for up to ${believed.most} s what is in a folder: a file may be seen ${seconds(believed.most * 1000 + pollMs)} after it was written`;
      if (believed.most <= LATE_S) return [fine(what, `${late}.`)];
      return [warn(what, `${late}.`, `Mount it with actimeo=1 (unmount it first: remounting does not change this).`)];
    }
  }
}

function folder(name: 'outputs' | 'inputs', dir: string, outcome: Outcome<FolderFacts>): Finding[] {
  const path = `${dir}/${name}`;
  const what = name === 'outputs' ? 'Outputs' : 'Inputs';
  if (outcome.type === 'silent') return [];
  const facts: FolderFacts = outcome.type === 'got' ? outcome.value : { type: 'refused', code: outcome.code };
  switch (facts.type) {
    case 'missing':
      return name === 'outputs'
        ? [
            fault(
              what,
              `There is no folder ${path}.`,
              'See that the right share is mounted, and that the workers have --output-directory on it; then make the folder.',
            ),
          ]
        : [
            warn(
              what,
              `There is no folder ${path}, so nobody can upload an input.`,
              'Make it, and give the workers --input-directory with it.',
            ),
          ];
    case 'unreadable':
      return [
        fault(
          what,
          `${path} cannot be read (${facts.code}).`,
          'Give the user that comfyume runs as the right to read it.',
        ),
      ];
    case 'writable':
      return [fine(what, `${path} can be read and written to.`)];
    case 'refused':
      break;
  }
  const { code } = facts;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return [
      fault(
        what,
        `${path} takes no more (${code}): the share, or its quota, is full.`,
        'Free some space on the share: workers cannot write there either.',
      ),
    ];
  const isReadOnly = ['EROFS', 'EACCES', 'EPERM'].includes(code);
  if (isReadOnly && name === 'outputs')
    return [fine(what, `${path} is read-only for us, which is enough: nothing is ever written there.`)];
  const doThis = isReadOnly
    ? 'Mount it so that the user that comfyume runs as may write there.'
    : 'Look at the mount and at the file server.';
  return [
    warn(
      what,
      `${path} cannot be written to (${code})${name === 'inputs' ? ', so nobody can upload an input' : ''}.`,
      doThis,
    ),
  ];
}

/** The trial that says most: on outputs, where the watching happens, or else on inputs. */
const trial = ({ outputs, inputs }: ShareFacts) =>
  [outputs, inputs].flatMap((outcome) =>
    outcome.type === 'got' && outcome.value.type === 'writable' ? [outcome.value] : [],
  )[0] ?? null;

function events(facts: ShareFacts, isRemote: boolean, { watch, pollMs }: ShareUse): Finding[] {
  const what = 'Events';
  const looks = `looked at every ${seconds(pollMs)}`;
  if (isRemote) {
    const untold = 'What other machines write on a file system of this kind raises no event here';
    return watch === 'events'
      ? [warn(what, `${untold}, but SFS_WATCH is "events".`, 'Leave SFS_WATCH unset, or set it to "poll".')]
      : [fine(what, `${untold}, so the folders of running jobs are ${looks}.`)];
  }
  if (watch === 'poll') return [fine(what, `SFS_WATCH is "poll": the folders of running jobs are ${looks}.`)];
  const tried = trial(facts);
  if (!tried)
    return [
      fine(
        what,
        `Whether they come cannot be tried without writing; the folders of running jobs are ${looks} in any case.`,
      ),
    ];
  if (tried.events === 'seen') return [fine(what, 'A file written here raises an event at once.')];
  return typeof tried.events === 'string'
    ? [
        warn(
          what,
          `A file written here raised no event; the folders of running jobs are ${looks} all the same.`,
          'Set SFS_WATCH=poll, which saves the watching.',
        ),
      ]
    : [
        warn(
          what,
          `Folders cannot be watched (${tried.events.code}); those of running jobs are ${looks} all the same.`,
          'Raise fs.inotify.max_user_watches and fs.inotify.max_user_instances, or set SFS_WATCH=poll.',
        ),
      ];
}

function clock(facts: ShareFacts): Finding[] {
  const what = 'Clock';
  const tried = trial(facts);
  if (!tried) return [fine(what, 'The share’s clock cannot be compared without writing there.')];
  const { skewMs } = tried;
  if (Math.abs(skewMs) < SKEWED_MS) return [fine(what, 'The share’s clock and ours agree.')];
  return [
    warn(
      what,
      `The share’s clock is ${seconds(Math.abs(skewMs))} ${skewMs > 0 ? 'ahead of' : 'behind'} ours, so the times of files do not fit the times told here.`,
      'Let the file server and this machine take the time from the network (NTP).',
    ),
  ];
}

function roomOnShare(dir: string, free: Outcome<number | null>): Finding[] {
  const what = 'Room on the share';
  if (free.type === 'got') return [room(what, dir, free.value)];
  return free.type === 'failed'
    ? [warn(what, `How much room there is at ${dir} cannot be told (${free.code}).`, 'Look at it with df.')]
    : [];
}
