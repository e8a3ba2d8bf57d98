import { fileSize } from '#src/domain/measures.ts';
import { INCOMPLETE } from '#src/domain/messages/preview-words.ts';
import { Cell, Table } from '#src/ui/tables/table.tsx';
import { LINK, type Story, time } from './job-story.ts';

const BADGE = 'ml-2 rounded border border-line px-1.5 text-12 text-quiet';

export const filesOf = ({ results, previews }: Story['job']) => [...results, ...previews];

export function JobFiles({ files }: { files: ReturnType<typeof filesOf> }) {
  if (files.length === 0) return <p className="text-quiet">No files yet.</p>;
  return (
    <Table
      label="Files"
      columns={[
        { name: 'File' },
        { name: 'Node' },
        { name: 'Kind' },
        { name: 'Size', figures: true },
        { name: 'Saved', figures: true },
      ]}
    >
      {files.map(({ id, url, filename, nodeId, mime, bytes, createdAt, preview, unfinished }) => (
        <tr key={id}>
          <Cell>
            <a href={url} className={LINK}>
              {filename}
            </a>
            {preview && <span className={BADGE}>Preview</span>}
            {unfinished && (
              <span title={INCOMPLETE} className={BADGE}>
                Incomplete
              </span>
            )}
          </Cell>
          <Cell>{nodeId}</Cell>
          <Cell>{mime}</Cell>
          <Cell figures>{fileSize(bytes)}</Cell>
          <Cell figures>{time(createdAt)}</Cell>
        </tr>
      ))}
    </Table>
  );
}
