import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { productUnderTest } from '#src/server/integration/testing/product-under-test.ts';
import { installed } from './testing/installed.ts';

const MONITORING = join(import.meta.dirname, 'monitoring');
const PROMETHEUS = join(MONITORING, 'prometheus');
const read = (...path: string[]): string => readFileSync(join(MONITORING, ...path), 'utf8');
const run = promisify(execFile);

const promtool = installed('promtool');
if (promtool === null)
  process.stdout.write('promtool is not installed here: rules are not tried, only their metrics are.\n');

/** Made by others: the machine, containers, the prober, Prometheus itself. */
const FOREIGN = /^(node_|container_|probe_|up$)/;
const NAME = /\b(?:comfyume|nodejs|process|node|container|probe)_[A-Za-z0-9_]+\b|\bup\b(?=[{ ])/g;
const metricsIn = (query: string): string[] => query.match(NAME) ?? [];

const rules = z.object({
  groups: z.array(
    z.object({
      rules: z.array(
        z.object({
          alert: z.string(),
          expr: z.string(),
          labels: z.object({ severity: z.enum(['page', 'look']) }),
          annotations: z.object({ summary: z.string(), do: z.string() }),
        }),
      ),
    }),
  ),
});
const dashboard = z.object({
  uid: z.string(),
  title: z.string(),
  panels: z.array(
    z.object({
      title: z.string(),
      datasource: z.object({ type: z.enum(['prometheus', 'loki']), uid: z.string() }),
      targets: z.array(z.object({ expr: z.string().min(1) })).min(1),
    }),
  ),
});
const alerts = rules.parse(parse(read('prometheus', 'rules.yml'))).groups.flatMap((group) => group.rules);
const boards = readdirSync(join(MONITORING, 'grafana', 'dashboards')).map((file) =>
  dashboard.parse(JSON.parse(read('grafana', 'dashboards', file))),
);

describe('monitoring', () => {
  test.skipIf(promtool === null)(
    'Prometheus takes configuration and rules, and each rule does what its cases say',
    async () => {
      const tool = promtool ?? '';
      await run(tool, ['check', 'config', '--syntax-only', join(PROMETHEUS, 'prometheus.yml')]);
      await run(tool, ['check', 'rules', join(PROMETHEUS, 'rules.yml')]);
      const { stderr, stdout } = await run(tool, ['test', 'rules', 'rules.test.yml'], { cwd: PROMETHEUS });
      expect(`${stdout}${stderr}`).toContain('SUCCESS');
    },
  );

  test('every alert has a case', () => {
    const cases = read('prometheus', 'rules.test.yml');
    for (const { alert } of alerts) expect(cases).toContain(`alertname: ${alert}\n        exp_alerts`);
  });

  test('every metric of rules and dashboards is one that the running product gives', async () => {
    const product = await productUnderTest({ fleet: { replicas: 1 }, config: { metricsToken: 'long-enough-token' } });
    try {
      expect((await fetch(`${product.url}/metrics`)).status).toBe(401);
      const answer = await fetch(`${product.url}/metrics`, { headers: { authorization: 'Bearer long-enough-token' } });
      const text = await answer.text();
      const given = new Set(
        [...text.matchAll(/^# TYPE (\S+) (\S+)/gm)].flatMap(([, name, type]) =>
          type === 'histogram' ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name],
        ),
      );
      const used = [
        ...alerts.map(({ alert, expr }) => ({ where: alert, expr })),
        ...boards.flatMap(({ title, panels }) =>
          panels
            .filter(({ datasource }) => datasource.type === 'prometheus')
            .flatMap((panel) => panel.targets.map(({ expr }) => ({ where: `${title}, ${panel.title}`, expr }))),
        ),
      ];
      for (const { where, expr } of used) {
        const names = metricsIn(expr);
        expect(names.length, `${where}: ${expr}`).toBeGreaterThan(0);
        for (const name of names.filter((one) => !FOREIGN.test(one)))
          expect(given, `${where}: ${name}`).toContain(name);
      }
      if (promtool !== null) {
        const checked = run(promtool, ['check', 'metrics']);
        checked.child.stdin?.end(text);
        // It also has opinions on names, which Node's own metrics do not share.
        await checked.catch((error: unknown) => {
          const { stderr } = z.object({ stderr: z.string() }).parse(error);
          expect(stderr).not.toMatch(/error|parsing/i);
          expect(stderr).not.toContain('comfyume_');
        });
      }
    } finally {
      await product.stop();
    }
  });

  test('dashboards have names and sources that are set up', () => {
    const sources = z
      .object({ datasources: z.array(z.object({ uid: z.string(), type: z.string() })) })
      .parse(parse(read('grafana', 'provisioning', 'datasources', 'datasources.yaml'))).datasources;
    expect(boards.map(({ uid }) => uid).sort()).toEqual(['class', 'delivery', 'endpoints', 'machine']);
    for (const { panels } of boards) for (const { datasource } of panels) expect(sources).toContainEqual(datasource);
  });

  test('what Prometheus asks is a service of compose.yaml', () => {
    const services = z
      .object({ services: z.record(z.string(), z.unknown()) })
      .parse(parse(readFileSync(join(import.meta.dirname, 'compose.yaml'), 'utf8'), { merge: true })).services;
    const config = read('prometheus', 'prometheus.yml');
    const hosts = [...config.matchAll(/(?:["']|https:\/\/|replacement: )([a-z-]+):\d+/g)].map(([, host]) => host);
    expect(hosts.length).toBeGreaterThan(4);
    for (const host of hosts) expect(services).toHaveProperty(host ?? '');
  });
});
