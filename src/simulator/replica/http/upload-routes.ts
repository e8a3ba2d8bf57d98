import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Busboy } from '@fastify/busboy';
import sharp from 'sharp';
import { z } from 'zod';
import { isInside } from '../../nodes/output-path.ts';
import { PythonError } from '../python.ts';
import { folderOfType } from './file-routes.ts';
import { type Answer, AnswerNow, empty, json, type Request, troubled, uploadLimit } from './http.ts';
import { type Route, route } from './routes.ts';

type Form = { file: { name: string; bytes: Buffer } | null; fields: Map<string, string> };

function readForm({ raw }: Request): Promise<Form> {
  return new Promise((resolve, reject) => {
    const form: Form = { file: null, fields: new Map() };
    const type = raw.headers['content-type'];
    if (!type?.startsWith('multipart/form-data')) {
      resolve(form);
      return;
    }
    const busboy = new Busboy({ headers: { ...raw.headers, 'content-type': type }, limits: { fileSize: uploadLimit } });
    busboy.on('field', (name, value) => form.fields.set(name, value));
    busboy.on('file', (name, stream, filename) => {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        if (name === 'image' && filename) form.file = { name: filename, bytes: Buffer.concat(parts) };
      });
    });
    busboy.on('finish', () => resolve(form));
    busboy.on('error', reject);
    raw.pipe(busboy);
  });
}

const hash = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

const readIfThere = (file: string): Promise<Buffer | null> =>
  readFile(file).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  });

/** The name under which the file is stored; null if the same file exists already. */
async function freeName(folder: string, name: string, bytes: Buffer): Promise<{ name: string; write: boolean }> {
  const { name: stem, ext } = path.parse(name);
  let candidate = name;
  for (let number = 1; ; number++) {
    const there = await readIfThere(path.join(folder, candidate));
    if (!there) return { name: candidate, write: true };
    if (hash(there) === hash(bytes)) return { name: candidate, write: false };
    candidate = `${stem} (${number})${ext}`;
  }
}

const originalSchema = z.object({
  filename: z.string(),
  type: z.string().default('output'),
  subfolder: z.string().default(''),
});

type Folders = { inputs: string; outputs: string; temp: string };

/** The uploaded mask becomes the transparency of the picture it was drawn on. */
async function withMask(folders: Folders, form: Form, bytes: Buffer): Promise<Buffer> {
  const original = originalSchema.parse(JSON.parse(form.fields.get('original_ref') ?? ''));
  if (original.filename.startsWith('/') || original.filename.includes('..')) throw new AnswerNow(empty(400));
  const root = folderOfType(folders, original.type);
  if (root === null) throw new AnswerNow(empty(400));
  const folder = path.resolve(root, original.subfolder);
  if (!isInside(root, folder)) throw new AnswerNow(empty(403));
  const picture = await readIfThere(path.join(folder, path.basename(original.filename)));
  if (!picture) return bytes;
  const base = sharp(picture).ensureAlpha().removeAlpha();
  const { width, height } = await sharp(picture).metadata();
  const alpha = await sharp(bytes)
    .ensureAlpha()
    .resize(width, height, { fit: 'fill' })
    .extractChannel('alpha')
    .toBuffer();
  return base.joinChannel(alpha).png().toBuffer();
}

async function upload(
  folders: Folders,
  request: Request,
  change: (form: Form, bytes: Buffer) => Promise<Buffer>,
): Promise<Answer> {
  const form = await readForm(request);
  const type = form.fields.get('type') ?? 'input';
  const root = folderOfType(folders, type);
  if (root === null) return troubled();
  if (!form.file) return empty(400);
  const subfolder = form.fields.get('subfolder') ?? '';
  const folder = path.resolve(root, path.posix.normalize(subfolder));
  const target = path.resolve(folder, form.file.name);
  if (!isInside(root, folder) || !isInside(root, target)) return empty(400);
  if (form.file.name.includes('\0')) throw new PythonError('ValueError', 'embedded null byte');
  await mkdir(folder, { recursive: true });
  const overwrite = ['true', '1'].includes(form.fields.get('overwrite') ?? '');
  const { name, write } = overwrite
    ? { name: form.file.name, write: true }
    : await freeName(folder, form.file.name, form.file.bytes);
  if (write) await writeFile(path.join(folder, name), await change(form, form.file.bytes));
  return json({ name, subfolder, type });
}

export function uploadRoutes(folders: Folders): Route[] {
  return [
    route('POST', '/upload/image', (request) => upload(folders, request, async (_form, bytes) => bytes)),
    route('POST', '/upload/mask', (request) =>
      upload(folders, request, (form, bytes) => withMask(folders, form, bytes)),
    ),
  ];
}
