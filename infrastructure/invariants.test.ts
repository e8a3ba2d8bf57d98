import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from '@cdktf/hcl2json';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readConfig } from '../src/env.ts';

const HERE = import.meta.dirname;
const hcl = async (file: string): Promise<unknown> => parse(file, readFileSync(join(HERE, file), 'utf8'));
const only = <T extends z.ZodType>(shape: T) => z.tuple([shape]).transform(([one]) => one);

const variables = z
  .object({
    variable: z.record(
      z.string(),
      only(
        z.object({
          type: z.string(),
          description: z.string().min(10),
          default: z.unknown().optional(),
          validation: z.array(z.object({ condition: z.string(), error_message: z.string() })).optional(),
        }),
      ),
    ),
  })
  .parse(await hcl('variables.tf')).variable;

const main = z
  .object({
    module: z.object({
      guard: only(z.object({ environment: z.string(), workspace: z.string(), confirm_production: z.string() })),
    }),
    locals: only(z.object({ command: z.array(z.string()), prefix: z.string(), deployments: z.string() })),
    resource: z.object({
      verda_volume: z.object({
        share: only(
          z.object({
            name: z.string(),
            location: z.string(),
            lifecycle: only(z.object({ prevent_destroy: z.literal(true) })),
          }),
        ),
      }),
      verda_container: z.object({
        comfyui: only(
          z.object({
            for_each: z.string(),
            name: z.string(),
            is_spot: z.string(),
            scaling: z.object({
              concurrent_requests_per_replica: z.number(),
              queue_message_ttl_seconds: z.string(),
              deadline_seconds: z.string(),
              scale_down_policy: z.object({ delay_seconds: z.string() }),
              queue_load: z.object({ threshold: z.number() }),
            }),
            containers: only(
              z.object({
                image: z.string(),
                exposed_port: z.number(),
                healthcheck: z.object({ enabled: z.string(), port: z.string(), path: z.string() }),
                entrypoint_overrides: z.object({ enabled: z.boolean(), cmd: z.string() }),
                volume_mounts: only(z.object({ type: z.string(), mount_path: z.string(), volume_id: z.string() })),
              }),
            ),
            depends_on: z.array(z.string()),
            lifecycle: only(
              z.object({ replace_triggered_by: z.array(z.string()), ignore_changes: z.array(z.string()) }),
            ),
          }),
        ),
      }),
    }),
    import: only(z.object({ for_each: z.string(), to: z.string(), id: z.string() })),
  })
  .parse(await hcl('main.tf'));
const container = main.resource.verda_container.comfyui;
const plainCommand = main.locals.command.map((word) =>
  word.replace(
    '${var.share_path}',
    variables.share_path?.default === undefined ? '' : String(variables.share_path.default),
  ),
);
const valueAfter = (flag: string): string | undefined => plainCommand[plainCommand.indexOf(flag) + 1];

describe('what is made at the platform', () => {
  test('the provider is one exact version', async () => {
    const { terraform } = z
      .object({
        terraform: only(
          z.object({
            required_providers: only(z.object({ verda: z.object({ source: z.string(), version: z.string() }) })),
          }),
        ),
      })
      .parse(await hcl('versions.tf'));
    expect(terraform.required_providers.verda.source).toBe('verda-cloud/verda');
    expect(terraform.required_providers.verda.version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test('all deployments are one resource, so none can differ in its command', () => {
    expect(container.for_each).toBe('${local.deployments}');
    expect(main.locals.deployments).toContain('["spot", "on-demand"]');
    expect(Object.keys(z.record(z.string(), z.unknown()).parse(variables.gpus?.default))).toEqual(['b300', 'h200']);
    expect(container.is_spot).toContain('"spot"');
    expect(container.name).toBe('${local.prefix}-${each.key}');
    expect(main.locals.prefix).toContain('${var.environment}');
  });

  test('plain ComfyUI, which reads and writes on the share', () => {
    expect(container.containers.entrypoint_overrides).toEqual({ enabled: true, cmd: '${local.command}' });
    expect([valueAfter('--listen'), valueAfter('--port')]).toEqual(['0.0.0.0', '8188']);
    expect(valueAfter('--output-directory')).toBe('/mnt/sfs/outputs');
    expect(valueAfter('--input-directory')).toBe('/mnt/sfs/inputs');
    expect(valueAfter('--extra-model-paths-config')).toBe('/mnt/sfs/models/extra_model_paths.yaml');
    expect(plainCommand).toContain('--verbose');
    expect(container.containers.volume_mounts).toEqual({
      type: 'shared',
      mount_path: '${var.share_path}',
      volume_id: '${local.share_volume_id}',
    });
  });

  test('is asked whether it is well where ComfyUI answers, and gets one job at a time', () => {
    expect(container.containers.exposed_port).toBe(8188);
    expect(container.containers.healthcheck).toEqual({ enabled: 'true', port: '8188', path: '/system_stats' });
    expect(container.scaling.concurrent_requests_per_replica).toBe(1);
    expect(container.scaling.queue_load.threshold).toBeGreaterThanOrEqual(1);
  });

  test('nothing is dropped or taken away before the longest job has ended', () => {
    for (const name of ['queue_ttl', 'scale_down_delay']) {
      expect(Number(variables[name]?.default)).toBeGreaterThan(Number(variables.job_timeout?.default));
      expect(variables[name]?.validation?.[0]?.condition).toBe(`\${var.${name} > var.job_timeout}`);
    }
    expect(container.scaling.scale_down_policy.delay_seconds).toBe('${var.scale_down_delay}');
    expect(container.scaling.queue_message_ttl_seconds).toBe('${var.queue_ttl}');
    // The provider reads the TTL back as the deadline.
    expect(container.scaling.deadline_seconds).toBe(container.scaling.queue_message_ttl_seconds);
  });

  test('the image has a version, the volume a place, and neither goes by accident', () => {
    expect(container.containers.image).toBe('${var.image}');
    expect(variables.image?.default).toBeUndefined();
    expect(variables.image?.validation).toHaveLength(2);
    expect(main.resource.verda_volume.share.location).toBe('${var.location}');
    expect(main.resource.verda_volume.share.name).toContain('${local.prefix}');
    expect(container.lifecycle.replace_triggered_by).toEqual(['${terraform_data.shape[each.key]}']);
    expect(main.import.to).toBe('${verda_container.comfyui[each.value]}');
  });

  test('nothing is made before the guard has agreed', () => {
    expect(container.depends_on).toEqual(['${module.guard}']);
    expect(main.module.guard.workspace).toBe('${terraform.workspace}');
  });

  test('every variable but two has a default, and each kind of mistake a sentence', () => {
    const withoutDefault = Object.entries(variables).filter(([, { default: value }]) => value === undefined);
    expect(withoutDefault.map(([name]) => name).sort()).toEqual(['environment', 'image']);
    for (const { validation = [] } of Object.values(variables))
      for (const { error_message } of validation) expect(error_message).toMatch(/\.$/);
  });

  test('the two environments are apart', async () => {
    const of = async (name: string) =>
      z
        .object({ environment: z.string(), image: z.string() })
        .loose()
        .parse(await hcl(`environments/${name}.tfvars`));
    for (const name of ['prod', 'testing']) {
      const values = await of(name);
      expect(values.environment).toBe(name);
      expect(Object.keys(values)).not.toContain('confirm_production');
      for (const key of Object.keys(values)) expect(variables).toHaveProperty(key);
    }
  });

  test('what comes out is what ENDPOINTS takes', async () => {
    const outputs = z
      .object({ output: z.object({ endpoints: only(z.object({ value: z.string() })) }) })
      .parse(await hcl('outputs.tf')).output.endpoints.value;
    const keys = [...outputs.matchAll(/^\s+(\w+)\s+= /gm)].map(([, key]) => key);
    const example = {
      name: 'H200 spot',
      url: 'https://gpu.example/x',
      gpu: 'H200',
      pricing: 'spot',
      capacity: 4,
      apiKeyVariable: 'KEY',
    };
    expect(keys.sort()).toEqual(Object.keys(example).sort());
    const config = readConfig({ ENDPOINTS: JSON.stringify([example]), SFS_DIR: '/mnt/sfs', KEY: 'x' });
    expect(config.endpoints).toEqual([example]);
  });
});

const tool = ['tofu', 'terraform'].find((name) => {
  try {
    execFileSync(name, ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});
if (tool === undefined)
  process.stdout.write('Neither OpenTofu nor Terraform is installed here: form and guard are not tried with them.\n');

test.skipIf(tool === undefined)('is written as the tool itself would', () => {
  execFileSync(tool ?? '', ['fmt', '-check', '-recursive', HERE], { stdio: 'pipe' });
});
