import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { postgresqlPrograms } from './postgresql.mjs';

const INSTALL_MS = 120_000;
const WANTED = [
  { program: 'nginx', paths: ['/usr/sbin/nginx', '/usr/local/sbin/nginx'], parcel: 'nginx-light' },
  { program: 'promtool', paths: ['/usr/bin/promtool', '/usr/local/bin/promtool'], parcel: 'prometheus' },
  { program: 'python3', paths: ['/usr/bin/python3', '/usr/local/bin/python3'], parcel: 'python3' },
  { program: 'curl', paths: ['/usr/bin/curl', '/usr/local/bin/curl'], parcel: 'curl' },
];

/**
 * What our configurations and the examples of docs/api.md are tried on, and the other database. On a machine for tests (CI is set) they are taken from Debian, without starting
 * them; nobody's own machine gets programs because of a test run. Where they are not, their tests say so and are left out.
 */
export function getServers() {
  const missing = WANTED.filter(({ paths }) => !paths.some((path) => existsSync(path)));
  if (postgresqlPrograms() === null) missing.push({ parcel: 'postgresql' });
  if (missing.length === 0 || !process.env.CI || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return;
  const parcels = missing.map(({ parcel }) => parcel);
  process.stdout.write(`  Getting ${parcels.join(' and ')} from Debian …\n`);
  const apt = (...args) =>
    spawnSync('apt-get', args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      timeout: INSTALL_MS,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
    }).status === 0;
  const install = () => apt('install', '-y', '-q', '--no-install-recommends', ...parcels);
  if (!install() && !(apt('update', '-q') && install())) process.stdout.write('  They could not be installed.\n');
}
