import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const HERE = import.meta.dirname;
const works = (program: string): boolean => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;
const tool = ['tofu', 'terraform'].find(works);
const words = (said: string): string => said.replace(/[│╷╵\s]+/g, ' ');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'comfyume-tofu-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('tofu.sh', () => {
  const ENV = { NODE_ENV: 'test' as const, PATH: process.env.PATH ?? '', VERDA_CLIENT_ID: 'class-account' };
  const called = (): string[] => {
    try {
      return readFileSync(join(folder, 'called'), 'utf8').trim().split('\n');
    } catch {
      return [];
    }
  };

  beforeEach(() => {
    cpSync(join(HERE, 'tofu.sh'), join(folder, 'tofu.sh'));
    cpSync(join(HERE, 'environments'), join(folder, 'environments'), { recursive: true });
    for (const name of ['prod', 'testing'])
      writeFileSync(join(folder, 'environments', `${name}.env`), `HOST=${hostname()}\nACCOUNT=class-account\n`);
    writeFileSync(
      join(folder, 'tofu'),
      '#!/bin/sh\necho "$*${TF_WORKSPACE:+ in $TF_WORKSPACE}${TF_VAR_confirm_production:+ [$TF_VAR_confirm_production]}$TF_CLI_ARGS_import$TF_VAR_share_gb" >> "$(dirname "$0")/called"\n',
    );
    chmodSync(join(folder, 'tofu'), 0o755);
  });

  async function run(args: string, { env = {}, types }: { env?: Record<string, string>; types?: string } = {}) {
    const all = { ...ENV, TOFU: join(folder, 'tofu'), ...env };
    const command = `${join(folder, 'tofu.sh')} ${args}`;
    // What a person types comes from a terminal, and "script" is one.
    const child =
      types === undefined
        ? spawn('/bin/sh', ['-c', command], { env: all, stdio: ['ignore', 'pipe', 'pipe'] })
        : spawn('script', ['-qefc', command, '/dev/null'], { env: all, stdio: ['pipe', 'pipe', 'pipe'] });
    if (types !== undefined) child.stdin?.end(`${types}\n`);
    const [out, err, code] = await Promise.all([
      child.stdout ? text(child.stdout) : '',
      child.stderr ? text(child.stderr) : '',
      new Promise((resolve) => child.on('close', resolve)),
    ]);
    return { code, said: `${out}${err}` };
  }

  test('testing is planned with its own state and values, without a question', async () => {
    expect(await run('testing plan -out=x')).toEqual({ code: 0, said: '' });
    expect(called()).toEqual([
      'init -input=false',
      'workspace select -or-create testing',
      'plan -var-file=environments/testing.tfvars -out=x in testing',
    ]);
  });

  test.each([
    'plan',
    'apply',
    'destroy',
    'import a b',
    'state rm x',
    'taint x',
    'init -migrate-state',
    'force-unlock 1',
  ])('production: "%s" is refused where no person is', async (command) => {
    const { code, said } = await run(`prod ${command}`);
    expect([code, said]).toEqual([1, 'Production needs a person at a terminal.\n']);
    expect(called()).toEqual([]);
  });

  test.skipIf(!works('script'))('production is refused to whoever types anything else', async () => {
    for (const types of ['y', 'yes', 'apply to Production', '']) {
      const { code, said } = await run('prod apply', { types });
      expect(code).toBe(1);
      expect(said).toContain('This is PRODUCTION');
      expect(said).toContain('Nothing was done.');
    }
    expect(called()).toEqual([]);
  });

  test.skipIf(!works('script'))('production goes on for a person who says so', async () => {
    const { code } = await run('prod apply', { types: 'apply to production' });
    expect(code).toBe(0);
    expect(called().at(-1)).toBe('apply -var-file=environments/prod.tfvars in prod [apply to production]');
  });

  test.each([
    ['another machine', { HOSTNAME: 'x' }, 'HOST=elsewhere\nACCOUNT=class-account\n', 'is changed from elsewhere only'],
    ['another account', { VERDA_CLIENT_ID: 'another' }, null, 'is not the account of testing'],
    ['no account', { VERDA_CLIENT_ID: '' }, null, 'is not the account of testing'],
    ['no settings', {}, '', 'needs HOST and ACCOUNT'],
  ])('%s is refused', async (_, env, settings, sentence) => {
    if (settings !== null) writeFileSync(join(folder, 'environments', 'testing.env'), settings);
    const { code, said } = await run('testing apply', { env });
    expect([code, called()]).toEqual([1, []]);
    expect(said).toContain(sentence);
  });

  test.each([
    '-auto-approve',
    '-var-file=other.tfvars',
    '-var=environment=prod',
    '-var environment=prod',
    '-var=confirm_production=x',
    '-state=terraform.tfstate.d/prod/terraform.tfstate',
  ])('%s cannot get round it', async (option) => {
    const { code, said } = await run(`testing apply ${option}`);
    expect([code, called()]).toEqual([1, []]);
    expect(said).toContain('is not for here');
  });

  test.each(['-chdir=elsewhere apply', 'workspace delete -force prod', 'workspace select prod'])(
    '"%s" is not a command of an environment',
    async (command) => {
      const { code, said } = await run(`testing ${command}`);
      expect([code, called()]).toEqual([1, []]);
      expect(said).toContain('is not for here');
    },
  );

  test('what was left in the shell decides nothing', async () => {
    const env = {
      TF_VAR_confirm_production: 'apply to production',
      TF_WORKSPACE: 'prod',
      TF_CLI_ARGS_apply: '-auto-approve',
      TF_CLI_ARGS_import: '-state=other',
      TF_VAR_share_gb: '100',
    };
    await run('testing apply', { env });
    expect(called().at(-1)).toBe('apply -var-file=environments/testing.tfvars in testing');
  });

  test('says how it is used', async () => {
    expect((await run('')).said).toContain('Usage: ./tofu.sh prod|testing');
    expect((await run('production plan')).said).toContain('Usage');
    expect((await run('testing')).said).toContain('What is to be done?');
  });
});

/** Without the provider, which cannot be had everywhere: the guard stands alone on purpose. */
describe.skipIf(tool === undefined)('the configuration itself, past the script', () => {
  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(tool ?? '', [...args, '-no-color'], { cwd: folder, encoding: 'utf8' });
    return { status, said: words(`${stdout}${stderr}`) };
  };
  const values = (environment: string, workspace: string, confirm: string): string[] => [
    '-input=false',
    ...Object.entries({ environment, workspace, confirm_production: confirm }).flatMap(([name, value]) => [
      '-var',
      `${name}=${value}`,
    ]),
  ];

  test('refuses production unless somebody asked for it, to make it and to take it down', () => {
    cpSync(join(HERE, 'guard', 'guard.tf'), join(folder, 'guard.tf'));
    expect(run('init').status).toBe(0);
    const nobody = run('plan', ...values('prod', 'prod', ''));
    expect(nobody.status).toBe(1);
    expect(nobody.said).toContain('nobody has asked for it in so many words');
    expect(run('plan', ...values('prod', 'prod', 'yes')).status).toBe(1);
    const wrongState = run('plan', ...values('testing', 'prod', ''));
    expect(wrongState.status).toBe(1);
    expect(wrongState.said).toContain('the state of another environment');
    expect(run('plan', ...values('testing', 'testing', '')).status).toBe(0);
    expect(run('apply', '-auto-approve', ...values('prod', 'prod', 'apply to production')).status).toBe(0);
    const down = run('plan', '-destroy', ...values('prod', 'prod', ''));
    expect(down.status).toBe(1);
    expect(down.said).toContain('nobody has asked for it');
  });
});
