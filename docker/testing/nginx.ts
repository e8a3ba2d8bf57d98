import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '#src/server/integration/testing/until.ts';

const TEMPLATE = new URL('../nginx/comfyume.conf.template', import.meta.url);

type Places = {
  folder: string;
  http: number;
  https: number;
  metrics: number;
  app: string;
  frontEnds: string;
  grafana: string;
  /** `tabs` null: they are at the gallery's. */
  hosts: { gallery: string; tabs: string | null };
};

/** What the image of nginx does at its start: variables of the template get their values. */
function filledIn({ folder, http, https, metrics, app, frontEnds, grafana, hosts }: Places): string {
  const values: Record<string, string> = {
    PUBLIC_HOST: hosts.gallery,
    COMFYUI_HOST: hosts.tabs ?? 'comfyui.invalid',
    TABS_ORIGIN: hosts.tabs === null ? '' : `https://${hosts.tabs}:${https}`,
    HTTP_PORT: `127.0.0.1:${http}`,
    HTTPS_PORT: `127.0.0.1:${https}`,
    METRICS_PORT: `127.0.0.1:${metrics}`,
    APP: app,
    CERTIFICATES: folder,
    CHALLENGES: folder,
    FRONT_ENDS: frontEnds,
    RESOLVER: '127.0.0.1',
    ACCESS_LOG: join(folder, 'access.log'),
    IDENTITIES: join(folder, 'identities'),
  };
  const template = readFileSync(TEMPLATE, 'utf8').replace(/grafana:3000|portainer:9000/g, grafana);
  return template.replace(/\$\{([A-Z_]+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`Nobody fills in ${whole}.`);
    return value;
  });
}

/** Its workers are somebody else where it is started by root, and would not get into the folder. */
const USER = process.getuid?.() === 0 ? 'user root;' : '';

const mainPart = (folder: string): string => `
${USER}
daemon off;
pid ${folder}/nginx.pid;
error_log stderr warn;
worker_processes 1;
events { worker_connections 256; }
http {
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${folder}/${kind};`).join('\n  ')}
  default_type application/octet-stream;
  include ${folder}/comfyume.conf;
}
`;

/** Debian's nginx with the product's own configuration, and a certificate that nobody signed. */
export async function startNginx(program: string, places: Places) {
  const { folder } = places;
  mkdirSync(folder, { recursive: true });
  const certificate = '-x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=localhost';
  const files = ['-keyout', join(folder, 'privkey.pem'), '-out', join(folder, 'fullchain.pem')];
  execFileSync('openssl', ['req', ...certificate.split(' '), ...files], { stdio: 'ignore' });
  writeFileSync(join(folder, 'comfyume.conf'), filledIn(places));
  writeFileSync(join(folder, 'nginx.conf'), mainPart(folder));
  const child = spawn(program, ['-p', folder, '-c', join(folder, 'nginx.conf')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const url = `http://127.0.0.1:${places.http}`;
  await until('nginx', async () => {
    if (child.exitCode !== null) throw new Error(`nginx ended: ${said}`);
    return fetch(url, { redirect: 'manual' }).then(
      () => true,
      () => false,
    );
  });
  return {
    url: `https://${places.hosts.gallery}:${places.https}`,
    plainUrl: url,
    complaints: () => said,
    accessLog: () => readFileSync(join(folder, 'access.log'), 'utf8'),
    async stop(): Promise<void> {
      if (child.exitCode !== null) return;
      child.kill('SIGQUIT');
      await Promise.race([once(child, 'exit'), new Promise((resolve) => setTimeout(resolve, 2000))]);
      child.kill('SIGKILL');
    },
  };
}
