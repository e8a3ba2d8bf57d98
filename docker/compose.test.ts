import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { readConfig } from '#src/env.ts';

const HERE = import.meta.dirname;
const read = (file: string): string => readFileSync(join(HERE, file), 'utf8');

const volume = z.union([
  z.string(),
  z.object({
    type: z.literal('bind'),
    source: z.string(),
    target: z.string(),
    read_only: z.boolean().optional(),
    bind: z.object({ create_host_path: z.literal(false) }).loose(),
  }),
]);
const service = z.object({
  image: z.string(),
  profiles: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  read_only: z.literal(true),
  restart: z.literal('unless-stopped'),
  cap_drop: z.array(z.string()).default([]),
  security_opt: z.array(z.string()).default([]),
  privileged: z.literal(false).optional(),
  network_mode: z.string().optional(),
  networks: z.array(z.string()).default([]),
  volumes: z.array(volume).default([]),
  environment: z.record(z.string(), z.string()).default({}),
  logging: z.object({ driver: z.string(), options: z.record(z.string(), z.string()) }),
});
const file = z.object({
  services: z.record(z.string(), service),
  networks: z.record(z.string(), z.object({ internal: z.boolean().optional() })).default({}),
  volumes: z.record(z.string(), z.unknown()).default({}),
});

const compose = file.parse(parse(read('compose.yaml'), { merge: true }));
const services = Object.entries({
  ...compose.services,
  ...file.parse(parse(read('front-end.yaml'), { merge: true })).services,
});
/** These look at the machine itself. */
const OF_THE_MACHINE = new Set(['cadvisor']);

const specification = z.fromJSONSchema(JSON.parse(read('testing/compose-spec.json')));

test.each(['compose.yaml', 'front-end.yaml'])('%s is what the Compose Specification allows', (name) => {
  expect(specification.safeParse(parse(read(name), { merge: true })).error?.issues).toBeUndefined();
});

test('the specification refuses what it does not know', () => {
  for (const wrong of [{ healthchek: {} }, { read_only: [] }, { volumes: [{ target: '/data' }] }])
    expect(specification.safeParse({ services: { app: { image: 'comfyume', ...wrong } } }).success).toBe(false);
});

describe('compose.yaml', () => {
  test('every image that is not ours has a version', () => {
    const foreign = services.map(([, { image }]) => image).filter((image) => !/^comfyume(-|$)/.test(image));
    expect(foreign.length).toBeGreaterThan(8);
    for (const image of foreign) expect(image).toMatch(/:v?\d+\.\d+(\.\d+)?[\w.-]*$/);
  });

  test.each(services)('%s has no more rights than it needs', (name, { cap_drop, security_opt, logging }) => {
    expect(logging.options).toHaveProperty('max-size');
    if (OF_THE_MACHINE.has(name)) return;
    expect(cap_drop).toEqual(['ALL']);
    expect(security_opt).toEqual(['no-new-privileges:true']);
  });

  test('only nginx’s ports are open to the world, at the address that it and the app share', () => {
    expect(services.filter(([, { ports }]) => ports.length > 0).map(([name]) => name)).toEqual(['address']);
    const { HTTP_PORT, HTTPS_PORT } = compose.services.nginx?.environment ?? {};
    expect(compose.services.address?.ports).toEqual([`80:${HTTP_PORT}`, `443:${HTTPS_PORT}`]);
    for (const name of ['nginx', 'app']) expect(compose.services[name]?.network_mode).toBe('service:address');
  });

  test('the Docker socket is for those that have to have it', () => {
    const holders = services.filter(([, { volumes }]) =>
      volumes.some((one) => JSON.stringify(one).includes('docker.sock')),
    );
    expect(holders.map(([name]) => name)).toEqual(['alloy', 'portainer']);
    for (const [, { profiles }] of holders) expect(profiles).toEqual(['monitoring']);
  });

  test('what a ComfyUI tab sees of the share is read-only, and it has no way out', () => {
    const tab = services.find(([name]) => name === 'front-end')?.[1];
    expect(tab?.networks).toEqual(['front-ends']);
    expect(compose.networks['front-ends']?.internal).toBe(true);
    for (const one of tab?.volumes ?? []) expect(one).toMatchObject({ read_only: true });
  });

  test('networks and volumes that are named are there, and files that are mounted', () => {
    for (const [name, { networks, volumes }] of services) {
      for (const network of networks) expect(compose.networks, `${name}: ${network}`).toHaveProperty(network);
      for (const mounted of volumes.filter((one) => typeof one === 'string')) {
        const [source = ''] = mounted.split(':');
        if (source === './front-ends') continue;
        if (source.startsWith('./')) expect(existsSync(join(HERE, source)), `${name}: ${source}`).toBe(true);
        else if (!source.startsWith('/')) expect(compose.volumes, `${name}: ${source}`).toHaveProperty(source);
      }
    }
  });

  test('every variable that has to be set is in .env.example', () => {
    const example = read('.env.example');
    const needed = [...`${read('compose.yaml')}${read('front-end.yaml')}`.matchAll(/\$\{([A-Z_]+):\?/g)].map(
      ([, name]) => name,
    );
    expect(needed.length).toBeGreaterThan(4);
    for (const name of needed) expect(example).toMatch(new RegExp(`^${name}=`, 'm'));
  });

  test('every tool that can be shown under Admin is one that runs, and is asked by its own name', () => {
    const tools = z
      .array(z.object({ name: z.string(), url: z.string(), check: z.url() }))
      .parse(JSON.parse(read('monitoring/tools.json')));
    const template = read('nginx/comfyume.conf.template');
    expect(readConfig({ MONITORING: join(HERE, 'monitoring/tools.json') }).monitoring).toEqual(tools);
    for (const { name, url, check } of tools) {
      const { host, hostname } = new URL(check);
      expect(hostname).toBe(name.toLowerCase());
      expect(compose.services[hostname]?.profiles).toEqual(['monitoring']);
      expect(compose.services[hostname]?.networks).toEqual(['monitoring']);
      if (name !== 'Loki') expect(template).toContain(`${url.split('/')[2]}:operator`.padEnd(20) + host);
    }
  });

  test('nginx gets a value for every variable of its configuration', () => {
    const given = Object.keys(compose.services.nginx?.environment ?? {});
    const wanted = new Set(
      [...read('nginx/comfyume.conf.template').matchAll(/\$\{([A-Z_]+)\}/g)].map(([, name]) => name),
    );
    wanted.delete('...');
    for (const name of wanted) expect(given).toContain(name);
  });
});
