import { readFileSync } from 'node:fs';
import { ask } from './product.mjs';

/**
 * Moves the people of an .htpasswd file in: each becomes a participant with a new passphrase, printed as CSV. The old
 * passwords cannot be read out of such a file. Whoever is a user already is left alone.
 */
const AT_ONCE = 200;

const cell = (text) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
const keyOf = (name) => name.normalize('NFKC').toLowerCase();

try {
  const [file, ...others] = process.argv.slice(2);
  if (file === undefined || others.length > 0) throw new Error('Usage: node docker/from-htpasswd.mjs .htpasswd');
  const named = new Map();
  for (const [index, line] of readFileSync(file, 'utf8').split('\n').entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const colon = line.indexOf(':');
    if (colon < 1) throw new Error(`${file}, line ${index + 1}: there is no "name:password".`);
    const name = line.slice(0, colon).normalize('NFC').trim();
    named.set(keyOf(name), name);
  }
  const present = new Set((await ask('admin.participants.list')).map(({ name }) => keyOf(name)));
  const missing = [...named].filter(([key]) => !present.has(key)).map(([, name]) => name);
  process.stdout.write('name,passphrase\n');
  for (let from = 0; from < missing.length; from += AT_ONCE)
    for (const { name, passphrase } of await ask('admin.participants.create', {
      names: missing.slice(from, from + AT_ONCE),
    }))
      process.stdout.write(`${cell(name)},${cell(passphrase)}\n`);
  const left = named.size - missing.length;
  process.stderr.write(`${missing.length} made${left > 0 ? `, ${left} there already` : ''}.\n`);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
