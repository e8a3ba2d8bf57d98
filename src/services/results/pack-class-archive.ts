import { distinctPaths, portablePath } from '#src/domain/files/archive.ts';
import type { Archive, ArchiveWriter } from '#src/ports/files/archives.ts';
import type { Result } from '#src/ports/results.ts';
import type { User } from '#src/ports/users.ts';
import { type PackDeps, packArchive } from './pack-archive.ts';

/** What is made for all of them but their lists, which grow row by row: a file each would be too many open ones. */
const TOGETHER = 'made';

type Choice = {
  zone: string;
  filename: string;
  people: readonly { readonly owner: User; readonly found: readonly Result[] }[];
};

/** Everybody's archive in one, with a folder for each. */
export async function packClassArchive(
  deps: PackDeps,
  writer: ArchiveWriter,
  { zone, filename, people }: Choice,
): Promise<Omit<Archive, 'id'>> {
  const distinct = distinctPaths();
  const files: Archive['files'][number][] = [];
  let missing = 0;
  for (const [number, { owner, found }] of people.entries()) {
    const lists = new Set(['parameters.csv', 'parameters.json']);
    const madeIn = (file: string): string => (lists.has(file) ? `${number}-${file}` : TOGETHER);
    const own: ArchiveWriter = {
      append: (file, part) => writer.append(madeIn(file), part),
      appendRows: (file, rows) => writer.appendRows(madeIn(file), rows),
    };
    const packed = await packArchive(deps, own, { owner, zone, filename, found });
    const folder = distinct(portablePath(owner.name) || 'participant');
    missing += packed.missing;
    for (const { name, content, ...file } of packed.files)
      files.push({
        ...file,
        name: `${folder}/${name}`,
        content: content.type === 'made' ? { ...content, file: madeIn(content.file) } : content,
      });
  }
  return { userId: null, filename, missing, files };
}
