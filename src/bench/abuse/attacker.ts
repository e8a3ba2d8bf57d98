import { z } from 'zod';
import { ATTACKS } from './attacks.ts';

/** A process of its own, so that the attack costs the one who measures nothing. Ends when it is told to, with the count of each answer. */
const [name, url, token] = z.tuple([z.string(), z.string(), z.string()]).parse(process.argv.slice(2));
const attack = ATTACKS[name];
if (!attack) throw new Error(`There is no attack "${name}".`);
const end = new AbortController();
process.on('message', () => end.abort());
const counts: Record<number, number> = {};
void attack({ url, token }, end.signal, (status) => {
  counts[status] = (counts[status] ?? 0) + 1;
});
end.signal.addEventListener('abort', () => process.send?.(counts, () => process.exit(0)));
