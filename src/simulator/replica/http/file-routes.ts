import type { Stats } from 'node:fs';
import { open, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { isInside } from '../../nodes/output-path.ts';
import { type Answer, empty, json, type Request } from './http.ts';
import { type Route, route } from './routes.ts';

type Folders = { inputs: string; outputs: string; temp: string };

const mimeTypes: { [extension: string]: string } = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
  '.gif': 'image/gif',
  '.svg': 'image/svg+xml',
  '.mp4': 'video/mp4',
  '.webm': 'video/webm',
  '.flac': 'audio/x-flac',
  '.mp3': 'audio/mpeg',
  '.opus': 'audio/ogg',
  '.wav': 'audio/x-wav',
  '.glb': 'model/gltf-binary',
  '.txt': 'text/plain',
  '.json': 'application/json',
};

export const folderOfType = (folders: Folders, type: string): string | null => {
  if (type === 'input') return folders.inputs;
  if (type === 'output') return folders.outputs;
  return type === 'temp' ? folders.temp : null;
};

async function preview(file: string, wanted: string, channel: string, disposition: string): Promise<Answer> {
  const parts = wanted.split(';');
  const format = parts[0] === 'jpeg' && !channel.includes('a') ? 'jpeg' : 'webp';
  const last = parts.at(-1) ?? '';
  const quality = /^\d+$/.test(last) ? Math.min(100, Math.max(1, Number(last))) : 90;
  const image = sharp(await readFile(file));
  if (format === 'jpeg' || channel === 'rgb') image.removeAlpha();
  const body = await image.toFormat(format, { quality }).toBuffer();
  return { status: 200, headers: { 'Content-Type': `image/${format}`, 'Content-Disposition': disposition }, body };
}

async function oneChannel(file: string, channel: 'rgb' | 'a', disposition: string): Promise<Answer> {
  const image = sharp(await readFile(file));
  const body =
    channel === 'rgb'
      ? await image.removeAlpha().png().toBuffer()
      : await image.ensureAlpha().extractChannel('alpha').png().toBuffer();
  return { status: 200, headers: { 'Content-Type': 'image/png', 'Content-Disposition': disposition }, body };
}

/** The bytes of a Range header; null for the whole file, "unsatisfiable" for 416. */
export function byteRange(
  header: string | undefined,
  size: number,
): { start: number; end: number } | 'unsatisfiable' | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return null;
  const [, first = '', last = ''] = match;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(size - 1, Number(last));
  return start >= size || end < start ? 'unsatisfiable' : { start, end };
}

async function part(file: string, start: number, length: number): Promise<Buffer> {
  const handle = await open(file);
  try {
    const bytes = Buffer.alloc(length);
    const { bytesRead } = await handle.read(bytes, 0, length, start);
    return bytes.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** A file as aiohttp sends it, with ranges and both kinds of "not modified". */
async function fileAnswer(
  file: string,
  info: Stats,
  { raw }: Request,
  more: { [name: string]: string },
): Promise<Answer> {
  const etag = `"${BigInt(Math.round(info.mtimeMs * 1e6)).toString(16)}-${info.size.toString(16)}"`;
  const headers = {
    'Content-Type': mimeTypes[path.extname(file).toLowerCase()] ?? 'application/octet-stream',
    Etag: etag,
    'Last-Modified': info.mtime.toUTCString(),
    'Accept-Ranges': 'bytes',
    ...more,
  };
  const { 'if-none-match': ifNoneMatch, 'if-modified-since': ifModifiedSince, range } = raw.headers;
  const unchanged = ifNoneMatch
    ? ifNoneMatch === '*' || ifNoneMatch.split(/,\s*/).includes(etag)
    : ifModifiedSince !== undefined && Math.floor(info.mtimeMs / 1000) * 1000 <= Date.parse(ifModifiedSince);
  if (unchanged) return { status: 304, headers, body: '' };
  const wanted = byteRange(range, info.size);
  if (wanted === 'unsatisfiable') {
    return { status: 416, headers: { ...headers, 'Content-Range': `bytes */${info.size}` }, body: '' };
  }
  const { start, end } = wanted ?? { start: 0, end: info.size - 1 };
  const body = raw.method === 'HEAD' ? '' : await part(file, start, end - start + 1);
  const length = { 'Content-Length': String(end - start + 1) };
  if (!wanted) return { status: 200, headers: { ...headers, ...length }, body };
  return {
    status: 206,
    headers: { ...headers, ...length, 'Content-Range': `bytes ${start}-${end}/${info.size}` },
    body,
  };
}

async function view(folders: Folders, request: Request): Promise<Answer> {
  const query = request.url.searchParams;
  const given = query.get('filename');
  if (given === null) return empty(404);
  const annotated = /^(.*) \[(input|output|temp)\]$/s.exec(given);
  const filename = annotated?.[1] ?? given;
  if (filename === '' || filename.startsWith('/') || filename.includes('..')) return empty(400);
  const root = folderOfType(folders, annotated?.[2] ?? query.get('type') ?? 'output');
  if (root === null) return empty(400);
  const folder = path.resolve(root, query.get('subfolder') ?? '');
  if (!isInside(root, folder)) return empty(403);
  const base = path.posix.basename(filename);
  const file = path.join(folder, base);
  const info = await stat(file).catch(() => null);
  if (!info?.isFile()) return empty(404);
  const disposition = `filename="${encodeURI(base)}"`;
  const channel = query.get('channel') ?? '';
  const wanted = query.get('preview');
  if (wanted !== null) return preview(file, wanted, channel, disposition);
  if (channel === 'rgb' || channel === 'a') return oneChannel(file, channel, disposition);
  return fileAnswer(file, info, request, { 'Content-Disposition': disposition });
}

export function fileRoutes(folders: Folders): Route[] {
  return [
    route('GET', '/view', (request) => view(folders, request)),
    route(
      'GET',
      '/internal/files/{}',
      async ({ params }) => {
        const root = folderOfType(folders, params[0] ?? '');
        if (root === null) return json({ error: 'Invalid directory type' }, 400);
        const files = (await readdir(root, { withFileTypes: true })).filter((entry) => entry.isFile());
        const dated = await Promise.all(
          files.map(async ({ name }) => ({ name, changed: (await stat(path.join(root, name))).mtimeMs })),
        );
        return json(dated.sort((a, b) => b.changed - a.changed).map(({ name }) => name));
      },
      { bare: true },
    ),
  ];
}
