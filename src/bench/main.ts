import { availableParallelism, loadavg } from 'node:os';
import { measureAbuse } from './abuse.ts';
import { measureDelivery } from './delivery.ts';
import { measureEditors } from './editors.ts';
import { measureEndings } from './endings.ts';
import { measureGallery } from './gallery.ts';
import { measureIdle } from './idle.ts';
import { say } from './report.ts';
import { measureSubmit } from './submit.ts';
import { measureUtilisation } from './utilisation.ts';
import { measureWatching } from './watching.ts';

const SECTIONS: Readonly<Record<string, (long: boolean, only: string) => Promise<void>>> = {
  submit: measureSubmit,
  delivery: measureDelivery,
  endings: measureEndings,
  watching: measureWatching,
  editors: measureEditors,
  idle: measureIdle,
  gallery: measureGallery,
  abuse: measureAbuse,
  utilisation: measureUtilisation,
};

// A signal alone would end this process without ending the servers that it started.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const args = process.argv.slice(2);
const long = args.includes('--long');
/** Of the attacks and of the fleets, those whose name has these words in it. */
const ONLY = '--only=';
const only = args.find((arg) => arg.startsWith(ONLY))?.slice(ONLY.length) ?? '';
const named = args.filter((arg) => !arg.startsWith('--'));
const unknown = named.find((name) => !Object.hasOwn(SECTIONS, name));

if (unknown !== undefined) {
  say(
    `There is no section "${unknown}". Usage: npm run bench -- [${Object.keys(SECTIONS).join('|')}] ... [--long] [--only=words of a row]`,
  );
  process.exitCode = 1;
} else {
  const load = (loadavg()[0] ?? 0).toFixed(1);
  say(
    `\n  Node ${process.versions.node}, ${availableParallelism()} cores, load ${load} before this began. The busier the machine is with other work, the less the times say.`,
  );
  for (const [name, measure] of Object.entries(SECTIONS))
    if (named.length === 0 || named.includes(name)) await measure(long, only);
}
