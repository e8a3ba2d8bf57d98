/** One line of Linux's /proc/self/mountinfo. */
export type Mount = {
  readonly point: string;
  readonly type: string;
  readonly source: string;
  readonly readOnly: boolean;
  /** Options of the file system itself; null = one without a value. */
  readonly options: ReadonlyMap<string, string | null>;
};

/** Space, tab, line break, backslash and # come as three octal digits. */
const unescaped = (field: string): string =>
  field.replace(/\\([0-3][0-7]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));

/** An escaped comma does not exist: what a source has in it would be cut here, but nothing of that is read. */
const optionsOf = (list: string): Map<string, string | null> =>
  new Map(
    list.split(',').map((option) => {
      const at = option.indexOf('=');
      return at === -1 ? [option, null] : [option.slice(0, at), option.slice(at + 1)];
    }),
  );

/** In the kernel's order: of two mounts at one place the later covers the earlier. What is no line of this kind is left out. */
export function parseMountinfo(text: string): Mount[] {
  return text.split('\n').flatMap((line): Mount[] => {
    // Any number of optional fields stands before the lone dash, and none of them is a dash.
    const fields = line.split(' ');
    const dash = fields.indexOf('-', 6);
    const [, , , , point, ownOptions] = fields;
    const [type, source, options] = dash === -1 ? [] : fields.slice(dash + 1);
    if (point === undefined || ownOptions === undefined || type === undefined || source === undefined) return [];
    const of = optionsOf(options ?? '');
    return [
      {
        point: unescaped(point),
        type: unescaped(type),
        source: unescaped(source),
        readOnly: optionsOf(ownOptions).has('ro') || of.has('ro'),
        options: of,
      },
    ];
  });
}

/** The mount on which an absolute path without links lies. */
export function mountOf(path: string, mounts: readonly Mount[]): Mount | null {
  let found: Mount | null = null;
  for (const mount of mounts) {
    const within = mount.point === '/' || path === mount.point || path.startsWith(`${mount.point}/`);
    if (within && (found === null || mount.point.length >= found.point.length)) found = mount;
  }
  return found;
}

/** For how long a mount may show what is no longer so. */
export type AttributeCache =
  | { readonly kind: 'none' }
  | { readonly kind: 'seconds'; readonly most: number; readonly isDefault: boolean }
  | { readonly kind: 'unknown' };

/** nfs(5): files 3 to 60 s, folders 30 to 60 s. The longer something has not changed, the longer it is believed. */
const NFS_MAX = 60;
const CIFS_MAX = 1;
const TIMES = ['acregmin', 'acregmax', 'acdirmin', 'acdirmax'];

/** The kernel names only those times that are not the default; `actimeo` stands for all four. */
export function attributeCache({ type, options }: Mount, isRemote: boolean): AttributeCache {
  const isNfs = /^nfs\d*$/.test(type);
  if (!isNfs && !/^(cifs|smb\d*)$/.test(type)) return { kind: isRemote ? 'unknown' : 'none' };
  if (options.has('noac')) return { kind: 'none' };
  const given = ['actimeo', ...TIMES].flatMap((name) => {
    const seconds = Number.parseInt(options.get(name) ?? '', 10);
    return Number.isNaN(seconds) ? [] : [{ name, seconds }];
  });
  const isFor = (kind: string) => given.some(({ name }) => name === 'actimeo' || name === kind);
  const fallback = isNfs ? NFS_MAX : CIFS_MAX;
  const silent = ['acregmax', 'acdirmax'].filter((kind) => !isFor(kind)).map(() => fallback);
  const most = Math.max(...given.map(({ seconds }) => seconds), ...silent);
  return most === 0 ? { kind: 'none' } : { kind: 'seconds', most, isDefault: given.length === 0 };
}
