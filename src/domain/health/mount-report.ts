import { room } from './disk-report.ts';
import { type CheckOutcome, type Finding, fault, fine, seconds, warn } from './finding.ts';
import { type FolderFacts, folderReport } from './folder-report.ts';
import { attributeCache, type Mount } from './mountinfo.ts';

export type ShareFacts = {
  readonly dir: string;
  readonly waitedMs: number;
  readonly root: CheckOutcome<null>;
  readonly mount: Mount | null;
  /** Another host may write there without this one being told. */
  readonly remote: CheckOutcome<boolean>;
  readonly outputs: CheckOutcome<FolderFacts>;
  readonly inputs: CheckOutcome<FolderFacts>;
  /** Bytes; null = it does not tell. */
  readonly free: CheckOutcome<number | null>;
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
        `The shared file system at ${dir}${where ? ` (${where})` : ''} did not respond within ${seconds(facts.waitedMs)}.`,
        'Check the file server and the network. If the mount stays unresponsive, unmount it with "umount -f -l" and mount it again.',
      ),
    ];
  if (root.type === 'failed') {
    if (root.code === 'ENOENT' && use.madeAtStart) return [fine('Share', `${dir} is created at the first start.`)];
    return [unreadable(dir, root.code)];
  }
  const isRemote = remote.type === 'got' && remote.value;
  return [
    kind(facts, isRemote, use),
    ...(mount ? cache(mount, isRemote, use.pollMs) : []),
    ...folderReport('outputs', dir, outputs),
    ...folderReport('inputs', dir, inputs),
    ...events(facts, isRemote, use),
    ...clock(facts),
    ...roomOnShare(dir, free),
  ];
}

function unreadable(dir: string, code: string): Finding {
  if (code === 'ENOENT')
    return fault(
      'Share',
      `SFS_DIR is ${dir}, but that folder does not exist.`,
      'Mount the shared file system there, or set SFS_DIR to where it is mounted.',
    );
  if (code === 'ESTALE' || code === 'ENOTCONN')
    return fault(
      'Share',
      `The mount at ${dir} is stale (${code}): the file server no longer recognises it.`,
      'Unmount it (umount -l) and mount it again.',
    );
  if (code === 'EACCES' || code === 'EPERM')
    return fault(
      'Share',
      `${dir} is not readable for the user that comfyume runs as (${code}).`,
      'Grant that user read access or check the export’s options (root_squash, uid, gid).',
    );
  return fault(
    'Share',
    `The shared file system at ${dir} cannot be read (${code}).`,
    'Check the mount and the file server.',
  );
}

function kind({ dir, mount }: ShareFacts, isRemote: boolean, use: ShareUse): Finding {
  if (!mount)
    return {
      ...fine('Share', `${dir} can be read; this system does not report how it is mounted.`),
      doThis: 'If it is NFS, make sure that its mount options include actimeo=1.',
    };
  const said = `${dir} is on ${mount.type} from ${mount.source}, mounted at ${mount.point}`;
  if (!isRemote && use.workersElsewhere)
    return warn(
      'Share',
      `${said}: a local disk, while the GPUs are on other machines.`,
      'Mount the shared file system there. If this machine is the file server itself, ignore this warning.',
    );
  return fine('Share', `${said}.`);
}

function cache(mount: Mount, isRemote: boolean, pollMs: number): Finding[] {
  const what = 'Attribute cache';
  const believed = attributeCache(mount, isRemote);
  switch (believed.kind) {
    case 'none':
      return isRemote ? [fine(what, `The mount caches nothing: a new file is visible within ${seconds(pollMs)}.`)] : [];
    case 'unknown':
      return [
        fine(
          what,
          `${mount.type} does not report how long it caches folder contents; if results arrive late, check its cache options.`,
        ),
      ];
    case 'seconds': {
      const mounted = believed.isDefault ? 'No cache time is set, so the mount' : 'The mount';
      const late = `${mounted} caches folder contents for up to ${believed.most} s: a new file may become visible ${seconds(believed.most * 1000 + pollMs)} after it was written`;
      if (believed.most <= LATE_S) return [fine(what, `${late}.`)];
      return [warn(what, `${late}.`, `Mount it with actimeo=1 (unmount it first: remounting does not change this).`)];
    }
  }
}

/** The trial that says most: on outputs, where the watching happens, or else on inputs. */
const trial = ({ outputs, inputs }: ShareFacts) =>
  [outputs, inputs].flatMap((outcome) =>
    outcome.type === 'got' && outcome.value.type === 'writable' ? [outcome.value] : [],
  )[0] ?? null;

function events(facts: ShareFacts, isRemote: boolean, { watch, pollMs }: ShareUse): Finding[] {
  const what = 'Events';
  const looks = `scanned every ${seconds(pollMs)}`;
  if (isRemote) {
    const untold = 'This kind of file system raises no events for files written by other machines';
    return watch === 'events'
      ? [warn(what, `${untold}, but SFS_WATCH is "events".`, 'Leave SFS_WATCH unset, or set it to "poll".')]
      : [fine(what, `${untold}, so the folders of running jobs are ${looks}.`)];
  }
  if (watch === 'poll') return [fine(what, `SFS_WATCH is "poll": the folders of running jobs are ${looks}.`)];
  const tried = trial(facts);
  if (!tried)
    return [
      fine(what, `Events cannot be tested without write access; the folders of running jobs are ${looks} in any case.`),
    ];
  if (tried.events === 'seen') return [fine(what, 'A test file raised an event immediately.')];
  return typeof tried.events === 'string'
    ? [
        warn(
          what,
          `A test file raised no event; the folders of running jobs are ${looks} anyway.`,
          'Set SFS_WATCH=poll to skip watching.',
        ),
      ]
    : [
        warn(
          what,
          `Folders cannot be watched (${tried.events.code}); those of running jobs are ${looks} anyway.`,
          'Raise fs.inotify.max_user_watches and fs.inotify.max_user_instances, or set SFS_WATCH=poll.',
        ),
      ];
}

function clock(facts: ShareFacts): Finding[] {
  const what = 'Clock';
  const tried = trial(facts);
  if (!tried) return [fine(what, 'The share’s clock cannot be checked without write access.')];
  const { skewMs } = tried;
  if (Math.abs(skewMs) < SKEWED_MS) return [fine(what, 'The share’s clock and ours agree.')];
  return [
    warn(
      what,
      `The share’s clock is ${seconds(Math.abs(skewMs))} ${skewMs > 0 ? 'ahead of' : 'behind'} ours, so file times do not match the times shown here.`,
      'Synchronise the clocks of the file server and this machine (NTP).',
    ),
  ];
}

function roomOnShare(dir: string, free: CheckOutcome<number | null>): Finding[] {
  const what = 'Free space on the share';
  if (free.type === 'got') return [room(what, dir, free.value)];
  return free.type === 'failed'
    ? [warn(what, `The free space at ${dir} is unknown (${free.code}).`, 'Check it with df.')]
    : [];
}
