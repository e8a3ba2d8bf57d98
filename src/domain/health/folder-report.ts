import { type CheckOutcome, type Finding, fault, fine, warn } from './finding.ts';

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

/** What is to be said of one of the share’s two folders. */
export function folderReport(name: 'outputs' | 'inputs', dir: string, outcome: CheckOutcome<FolderFacts>): Finding[] {
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
              `The folder ${path} does not exist.`,
              'Check that the right share is mounted and that the workers’ --output-directory is on it, then create the folder.',
            ),
          ]
        : [
            warn(
              what,
              `The folder ${path} does not exist, so nobody can upload inputs.`,
              'Create it and set the workers’ --input-directory to it.',
            ),
          ];
    case 'unreadable':
      return [
        fault(what, `${path} cannot be read (${facts.code}).`, 'Grant read access to the user that comfyume runs as.'),
      ];
    case 'writable':
      return [fine(what, `${path} is readable and writable.`)];
    case 'refused':
      break;
  }
  const { code } = facts;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return [
      fault(
        what,
        `${path} is full (${code}): no space or quota left on the share.`,
        'Free up space on the share: workers cannot write there either.',
      ),
    ];
  const isReadOnly = ['EROFS', 'EACCES', 'EPERM'].includes(code);
  if (isReadOnly && name === 'outputs')
    return [fine(what, `${path} is read-only here. That is enough: comfyume never writes there.`)];
  const doThis = isReadOnly
    ? 'Mount it so that the user that comfyume runs as can write there.'
    : 'Check the mount and the file server.';
  return [
    warn(
      what,
      `${path} cannot be written to (${code})${name === 'inputs' ? ', so nobody can upload inputs' : ''}.`,
      doThis,
    ),
  ];
}
