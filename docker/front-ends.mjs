import { createHash } from 'node:crypto';
import { chownSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ask } from './product.mjs';

/**
 * Writes what Docker and nginx need for one ComfyUI tab per participant, whom it asks the product for. Plain JavaScript
 * without packages: it runs where Node is and nothing else. With OUTPUTS_DIR it makes the participants' folders too.
 */
const PORT = 8188;
/** "comfyui-", this and a print are one word of a host name, which has 63 letters at most. */
const MAX_LENGTH = 40;

const plain = (name) =>
  name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_LENGTH)
    .replace(/^-+|-+$/g, '');
const printOf = (text) => createHash('sha256').update(text).digest('hex').slice(0, 6);

/** The part of an address; names that would end at the same one get a few letters of their own. */
function withAddresses(users) {
  const taken = new Map();
  for (const { name } of users) taken.set(plain(name), (taken.get(plain(name)) ?? 0) + 1);
  return users.map((user) => {
    const address = plain(user.name);
    const isAlone = address !== '' && taken.get(address) === 1;
    return { ...user, address: isAlone ? address : `${address || 'tab'}-${printOf(user.id)}` };
  });
}

/** Compose puts variables in place of `$`; what JSON quotes, YAML reads. */
const inQuotes = (value) => JSON.stringify(value).slice(1, -1).replaceAll('$', '$$$$');

/** What people keep in ComfyUI goes by their id: addresses change with names, and a name can be somebody else's later. */
const home = ({ id }) => `comfyui-${id}`;

const service = ({ address, folder, id }) => `  comfyui-${address}:
    extends:
      file: front-end.yaml
      service: front-end
    volumes:
      - ${home({ id })}:/data
      - type: bind
        source: "\${OUTPUTS_DIR:?Set OUTPUTS_DIR in docker/.env}/${inQuotes(folder)}"
        target: /comfyui/output
        read_only: true
        bind:
          create_host_path: false
`;

const composeFile = (users) =>
  [
    '# Written by docker/front-ends.mjs; run it again instead of changing this.\n',
    ...(users.length === 0
      ? ['services: {}\n']
      : ['services:\n', ...users.map(service), 'volumes:\n', ...users.map((user) => `  ${home(user)}: {}\n`)]),
  ].join('');

/** They are mounted, so they have to be there before the first result is; Docker would make them root's. */
function makeFolders(outputs, users) {
  const { uid, gid } = statSync(outputs);
  for (const { folder } of users) {
    const path = join(outputs, folder);
    if (mkdirSync(path, { recursive: true }) !== undefined) chownSync(path, uid, gid);
  }
}

try {
  const { values } = parseArgs({ options: { into: { type: 'string' } } });
  const everybody = await ask('admin.participants.list');
  const users = withAddresses(everybody.filter(({ role, enabled }) => role === 'participant' && enabled));
  const into = resolve(values.into ?? dirname(fileURLToPath(import.meta.url)));
  mkdirSync(join(into, 'front-ends'), { recursive: true });
  writeFileSync(join(into, 'compose.front-ends.yaml'), composeFile(users));
  const mapped = (file, line) => writeFileSync(join(into, 'front-ends', file), users.map(line).join(''));
  mapped('comfyui.upstreams', ({ address, id }) => `${address}:${id} comfyui-${address}:${PORT};\n`);
  mapped('comfyui.homes', ({ address, id }) => `${id} ${address};\n`);
  if (process.env.OUTPUTS_DIR) makeFolders(process.env.OUTPUTS_DIR, users);
  for (const { address, name } of users) process.stdout.write(`/comfy/${address}/\t${name}\n`);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
