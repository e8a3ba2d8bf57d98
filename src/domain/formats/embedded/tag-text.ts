import { isRecord } from '../../workflow/graph.ts';
import { parseGraphJson, toGraphJson } from '../../workflow/graph-json.ts';

const MAX_COMMENT = 16 * 1024 * 1024;

const textIn = (value: unknown): string | null => {
  if (Array.isArray(value)) return textIn(value[0]);
  return typeof value === 'string' ? value : null;
};

function find(tags: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.entries(tags).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
}

/** VideoHelperSuite writes one comment with everything as JSON. */
function inComment(tags: Readonly<Record<string, unknown>>, key: string): string | null {
  const comment = textIn(find(tags, 'comment') ?? tags['©cmt']);
  if (comment === null || !comment.trimStart().startsWith('{') || comment.length > MAX_COMMENT) return null;
  try {
    const json = parseGraphJson(comment);
    const value = isRecord(json) ? json[key] : undefined;
    if (value === undefined || value === null) return null;
    return typeof value === 'string' ? value : toGraphJson(value);
  } catch {
    return null;
  }
}

/** A text among the tags of a film or a sound: MP4 keys, Matroska tags (upper case), Vorbis comments, ID3's TXXX frames. */
export function tagText(tags: Readonly<Record<string, unknown>>, key: string): string | null {
  const own = isRecord(tags.TXXX) ? tags.TXXX : {};
  return textIn(find(tags, key)) ?? textIn(find(own, key)) ?? inComment(tags, key) ?? inComment(own, key);
}
