import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ConfigError, readConfig } from './env.ts';

const folder = mkdtempSync(join(tmpdir(), 'comfyume-env-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const gpu = { name: 'h200', url: 'https://gpu.test/comfy' };
const grafana = { name: 'Grafana', url: '/monitoring/grafana/', check: 'http://grafana:3000/api/health' };
const listOf = (...endpoints: unknown[]): string => JSON.stringify(endpoints);

/** What is said of a source that is not right, without its heading. */
function faultsOf(source: Record<string, string>): string[] {
  try {
    readConfig(source);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const [heading, ...faults] = error.message.split('\n');
    expect(heading).toBe('Invalid configuration:');
    return faults.map((fault) => fault.replace(/^ {2}(?=\S)/, ''));
  }
  return [];
}

describe('with nothing set', () => {
  const config = readConfig({});

  test('everything has a value', () => {
    const data = resolve('data');
    expect(config).toEqual({
      port: 3000,
      host: 'localhost',
      publicUrl: null,
      trustedProxies: ['127.0.0.0/8', '::1'],
      dataDir: data,
      databaseUrl: `file:${data}/comfyume.db`,
      sfsDir: `${data}/sfs`,
      outputsDir: `${data}/outputs`,
      s3: null,
      modelsDir: `${data}/sfs/models`,
      endpoints: [],
      endpointKeys: [],
      demo: true,
      admin: { name: 'teacher', password: null },
      allowedOrigins: [],
      comfyuiUrl: null,
      comfyuiOrigin: null,
      comfyuiPort: 3001,
      comfyuiFrontEnd: null,
      metricsToken: null,
      monitoring: [],
      logLevel: 'info',
      watch: 'auto',
      pollMs: 1000,
      verda: null,
      backups: { dir: null, everyMs: 24 * 3_600_000, keep: 7 },
    });
  });

  test('an empty variable is as one that is not set, and others are none of ours', () => {
    const empty = Object.fromEntries(
      [
        'PORT',
        'HOST',
        'PUBLIC_URL',
        'TRUSTED_PROXIES',
        'DATA_DIR',
        'ENDPOINTS',
        'DEMO',
        'ADMIN_PASSWORD',
        'SFS_POLL_MS',
        'ALLOWED_ORIGINS',
      ].map((name) => [name, '']),
    );
    expect(readConfig({ ...empty, PATH: '/bin', PORT_OF_CALL: 'Rotterdam' })).toEqual(config);
  });
});

describe('what is set', () => {
  test('is taken', () => {
    writeFileSync(join(folder, 'front-end.whl'), 'a wheel');
    writeFileSync(
      join(folder, 'endpoints.json'),
      listOf({ ...gpu, pricing: 'spot', capacity: 4, gpu: ' H200 ', apiKeyVariable: 'GPU_KEY' }),
    );
    expect(
      readConfig({
        PORT: '8080',
        HOST: '0.0.0.0',
        PUBLIC_URL: 'https://class.test/',
        TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8, fd00::/8,',
        DATA_DIR: '/srv/comfyume',
        DATABASE_URL: 'file:/var/db/c.db',
        SFS_DIR: '/mnt/sfs',
        OUTPUTS_DIR: '/srv/out',
        S3_BUCKET: 'films',
        S3_ENDPOINT: 'https://s3.test',
        S3_REGION: 'eu-1',
        S3_PREFIX: '/class/2026/',
        S3_ACCESS_KEY_ID: 'key',
        S3_SECRET_ACCESS_KEY: 'secret',
        S3_PATH_STYLE: 'off',
        S3_CACHE_GB: '50',
        MODELS_DIR: '/srv/models',
        ENDPOINTS: join(folder, 'endpoints.json'),
        GPU_KEY: 'secret',
        ENDPOINT_KEYS: 'OTHER_KEY, THIRD_KEY',
        ADMIN_NAME: ' Frau Müller ',
        ADMIN_PASSWORD: 'long enough',
        ALLOWED_ORIGINS: 'https://a.test/, http://localhost:8188 ,',
        COMFYUI_URL: '/comfy/{user}/',
        COMFYUI_ORIGIN: 'https://tabs.test/',
        COMFYUI_FRONTEND: join(folder, 'front-end.whl'),
        METRICS_TOKEN: 'prometheus-7f3a',
        MONITORING: listOf(grafana),
        VERDA_CLIENT_ID: 'id',
        VERDA_CLIENT_SECRET: 'secret',
        VERDA_DRY_RUN: 'on',
        LOG_LEVEL: 'silent',
        SFS_WATCH: 'poll',
        SFS_POLL_MS: '250',
        BACKUP_DIR: '/backup',
        BACKUP_HOURS: '6',
        BACKUP_KEEP: '30',
      }),
    ).toEqual({
      port: 8080,
      host: '0.0.0.0',
      publicUrl: 'https://class.test',
      trustedProxies: ['127.0.0.1', '10.0.0.0/8', 'fd00::/8'],
      dataDir: '/srv/comfyume',
      databaseUrl: 'file:/var/db/c.db',
      sfsDir: '/mnt/sfs',
      outputsDir: '/srv/out',
      s3: {
        endpoint: 'https://s3.test',
        region: 'eu-1',
        bucket: 'films',
        prefix: 'class/2026/',
        accessKeyId: 'key',
        secretAccessKey: 'secret',
        pathStyle: false,
        cacheBytes: 50_000_000_000,
      },
      modelsDir: '/srv/models',
      endpoints: [{ ...gpu, gpu: 'H200', pricing: 'spot', capacity: 4, apiKeyVariable: 'GPU_KEY' }],
      endpointKeys: ['OTHER_KEY', 'THIRD_KEY', 'GPU_KEY'],
      demo: false,
      admin: { name: 'Frau Müller', password: 'long enough' },
      allowedOrigins: ['https://a.test', 'http://localhost:8188'],
      comfyuiUrl: '/comfy/{user}/',
      comfyuiOrigin: 'https://tabs.test',
      comfyuiPort: null,
      comfyuiFrontEnd: join(folder, 'front-end.whl'),
      metricsToken: 'prometheus-7f3a',
      monitoring: [grafana],
      logLevel: 'silent',
      watch: 'poll',
      pollMs: 250,
      verda: { clientId: 'id', clientSecret: 'secret', baseUrl: 'https://api.verda.com/v1', dryRun: true },
      backups: { dir: '/backup', everyMs: 6 * 3_600_000, keep: 30 },
    });
  });

  test.each([
    [{}, false],
    [{ S3_ENDPOINT: 'https://s3.test' }, true],
    [{ S3_PATH_STYLE: 'on' }, true],
  ])('with %j, the bucket is in the path of addresses: %s', (more, pathStyle) => {
    const source = { S3_BUCKET: 'films', S3_ACCESS_KEY_ID: 'a', S3_SECRET_ACCESS_KEY: 'b', ...more };
    expect(readConfig(source).s3).toMatchObject({ pathStyle, region: 'us-east-1', prefix: '' });
  });

  test('an endpoint needs a name and an address', () => {
    const { endpoints, demo } = readConfig({ ENDPOINTS: listOf(gpu), SFS_DIR: '/mnt' });
    expect(endpoints).toEqual([{ ...gpu, gpu: '', pricing: 'on-demand', capacity: 1, apiKeyVariable: null }]);
    expect(demo).toBe(false);
  });

  test.each([
    [{}, true],
    [{ DEMO: 'on' }, true],
    [{ DEMO: 'off' }, false],
    [{ ENDPOINTS: listOf(gpu), SFS_DIR: '/mnt', DEMO: 'off' }, false],
  ])('the demo runs with %j: %s', (source, demo) => expect(readConfig(source).demo).toBe(demo));
});

describe('what is wrong is told in words', () => {
  test.each<[Record<string, string>, string[]]>([
    [{ PORT: 'http' }, ['PORT should be a whole number from 0 to 65535']],
    [{ PORT: '70000' }, ['PORT should be a whole number from 0 to 65535']],
    [{ PORT: '-1' }, ['PORT should be a whole number from 0 to 65535']],
    [{ PORT: '80.5' }, ['PORT should be a whole number from 0 to 65535']],
    [{ HOST: '  ' }, ['HOST should not be empty']],
    [
      { S3_BUCKET: 'films' },
      [
        'S3_ACCESS_KEY_ID is missing: the bucket of S3_BUCKET is used with a key and its secret',
        'S3_SECRET_ACCESS_KEY is missing: the bucket of S3_BUCKET is used with a key and its secret',
      ],
    ],
    [
      { S3_ENDPOINT: 'https://s3.test', S3_PREFIX: 'a' },
      ['S3_BUCKET is missing: without it, S3_ENDPOINT, S3_PREFIX change nothing'],
    ],
    [
      {
        ...{ S3_BUCKET: 's3://films/', S3_ACCESS_KEY_ID: 'a', S3_SECRET_ACCESS_KEY: 'b', S3_ENDPOINT: 's3.test' },
        ...{ S3_PREFIX: 'a/../b', S3_PATH_STYLE: 'yes', S3_CACHE_GB: '0' },
      },
      [
        'S3_BUCKET should be the name of a bucket, without its address',
        'S3_ENDPOINT should be an http or https address',
        'S3_PREFIX should be a path such as class/2026',
        'S3_PATH_STYLE should be "on" or "off"',
        'S3_CACHE_GB should be a whole number from 1 to 10000',
      ],
    ],
    [{ PUBLIC_URL: 'class.test' }, ['PUBLIC_URL should be an http or https address']],
    [{ PUBLIC_URL: 'ftp://class.test' }, ['PUBLIC_URL should be an http or https address']],
    [
      { PUBLIC_URL: 'https://school.test/film/' },
      ['PUBLIC_URL is https://school.test/film/: comfyume runs at the root of an address, so leave the path out'],
    ],
    [
      { PUBLIC_URL: 'https://u:secret@school.test:8443/film?class=a#b' },
      [
        'PUBLIC_URL is https://school.test:8443/film: comfyume runs at the root of an address, so leave the path out',
        'PUBLIC_URL should end with the host: leave out what follows "https://school.test:8443"',
        'PUBLIC_URL should not contain a name or password: everyone can see it',
      ],
    ],
    [
      { PUBLIC_URL: 'https://school.test/film', SFS_POLL_MS: 'often' },
      [
        'PUBLIC_URL is https://school.test/film: comfyume runs at the root of an address, so leave the path out',
        'SFS_POLL_MS should be a whole number from 50 to 60000',
      ],
    ],
    [{ DATABASE_URL: 'mysql://db' }, ['DATABASE_URL should begin with "file:" or "postgresql:"']],
    ...['proxy.test', '10.0.0', '10.0.0.5:80', '10.0.0.0/8/8', 'fe80::1%eth0', '::/'].map(
      (range): [Record<string, string>, string[]] => [
        { TRUSTED_PROXIES: `127.0.0.1, ${range}` },
        [
          range === '::/'
            ? 'TRUSTED_PROXIES names "::/": what follows the slash should be a whole number from 1 to 128'
            : `TRUSTED_PROXIES names "${range}": write an address such as 10.0.0.5, or a range such as 10.0.0.0/8 or fd00::/8`,
        ],
      ],
    ),
    [
      { TRUSTED_PROXIES: '10.0.0.0/33, ::ffff:10.0.0.5, 0.0.0.0/0, ::/0' },
      [
        'TRUSTED_PROXIES names "10.0.0.0/33": what follows the slash should be a whole number from 1 to 32',
        'TRUSTED_PROXIES names "::ffff:10.0.0.5": write it as IPv4, without ::ffff:',
        'TRUSTED_PROXIES names "0.0.0.0/0", everybody: anybody could then pass for any address',
        'TRUSTED_PROXIES names "::/0", everybody: anybody could then pass for any address',
      ],
    ],
    [{ DEMO: 'yes' }, ['DEMO should be "on" or "off"']],
    [{ LOG_LEVEL: 'loud' }, ['LOG_LEVEL should be "trace", "debug", "info", "warn", "error", "fatal" or "silent"']],
    [{ SFS_WATCH: 'maybe' }, ['SFS_WATCH should be "auto", "events" or "poll"']],
    [{ SFS_POLL_MS: '5' }, ['SFS_POLL_MS should be a whole number from 50 to 60000']],
    [{ ADMIN_PASSWORD: 'short' }, ['ADMIN_PASSWORD should have at least 8 characters']],
    ...['javascript:alert(1)', 'comfy', 'https://'].map((COMFYUI_URL): [Record<string, string>, string[]] => [
      { COMFYUI_URL },
      ['COMFYUI_URL should be an http or https address, or a path such as /comfy/{user}/'],
    ]),
    [{ VERDA_CLIENT_ID: 'id' }, ['VERDA_CLIENT_SECRET is missing: Verda takes the two together']],
    [{ VERDA_CLIENT_SECRET: 'secret' }, ['VERDA_CLIENT_ID is missing: Verda takes the two together']],
    [{ VERDA_DRY_RUN: 'yes' }, ['VERDA_DRY_RUN should be "on" or "off"']],
    [{ METRICS_TOKEN: 'short' }, ['METRICS_TOKEN should have at least 8 characters, and no spaces']],
    [{ METRICS_TOKEN: 'two words of it' }, ['METRICS_TOKEN should have at least 8 characters, and no spaces']],
    ...['//elsewhere.test/', 'javascript:alert(1)', 'grafana'].map((url): [Record<string, string>, string[]] => [
      { MONITORING: listOf({ ...grafana, url }) },
      ['MONITORING is invalid: 0.url: should be an http or https address, or a path such as /monitoring/grafana/'],
    ]),
    [
      { MONITORING: listOf({ ...grafana, check: '/monitoring/grafana/' }) },
      ['MONITORING is invalid: 0.check: should be an http or https address'],
    ],
    [{ MONITORING: listOf(grafana, grafana) }, ['MONITORING names a tool twice']],
    [
      { MONITORING: '/no/such/tools.json' },
      ['MONITORING should be a JSON list or the path of a file with one; there is no file "/no/such/tools.json"'],
    ],
    [{ COMFYUI_FRONTEND: '/no/such' }, ['COMFYUI_FRONTEND names "/no/such", and there is nothing there']],
    [{ COMFYUI_FRONTEND: '/dev' }, ['COMFYUI_FRONTEND names "/dev", a folder without index.html']],
    [
      { COMFYUI_FRONTEND: process.execPath },
      [`COMFYUI_FRONTEND names "${process.execPath}", which is no wheel (.whl)`],
    ],
    [{ ADMIN_NAME: 'a/b' }, ['ADMIN_NAME a name cannot contain / \\ : * ? " < > | or control characters.']],
    ...['tabs.test', 'https://tabs.test/comfy', 'ftp://tabs.test', 'https://me@tabs.test'].map(
      (COMFYUI_ORIGIN): [Record<string, string>, string[]] => [
        { COMFYUI_ORIGIN, PUBLIC_URL: 'https://class.test' },
        ['COMFYUI_ORIGIN should be an address without a path, such as https://comfyui.class.example'],
      ],
    ),
    [
      { COMFYUI_ORIGIN: 'https://tabs.test' },
      ['PUBLIC_URL is missing: with COMFYUI_ORIGIN it has to be the address of the gallery'],
    ],
    [
      { COMFYUI_ORIGIN: 'https://class.test:8443', PUBLIC_URL: 'https://class.test' },
      [
        'COMFYUI_ORIGIN has the host of PUBLIC_URL, class.test: cookies are shared between ports, so it has to be another host',
      ],
    ],
    [
      {
        COMFYUI_ORIGIN: 'http://tabs.test',
        PUBLIC_URL: 'https://class.test',
        COMFYUI_URL: 'https://tabs.test/comfy/',
        ALLOWED_ORIGINS: 'https://a.test,http://tabs.test/',
      },
      [
        'COMFYUI_ORIGIN should begin with "https://", as PUBLIC_URL does',
        'COMFYUI_URL should be a path such as /comfy/: it is at COMFYUI_ORIGIN',
        'ALLOWED_ORIGINS names COMFYUI_ORIGIN: leave it out, or ComfyUI’s page could do all that its user can',
      ],
    ],
    [
      { ALLOWED_ORIGINS: 'https://a.test, nonsense' },
      ['ALLOWED_ORIGINS should be a list of addresses such as https://class.example, with commas between them'],
    ],
    [
      { ALLOWED_ORIGINS: 'https://a.test/comfy' },
      ['ALLOWED_ORIGINS should be a list of addresses such as https://class.example, with commas between them'],
    ],
    [
      { ENDPOINTS: '/no/such/file.json', SFS_DIR: '/mnt' },
      ['ENDPOINTS should be a JSON list or the path of a file with one; there is no file "/no/such/file.json"'],
    ],
    [
      { ENDPOINTS: folder, SFS_DIR: '/mnt' },
      [`ENDPOINTS cannot be read from "${folder}": EISDIR: illegal operation on a directory, read`],
    ],
    [
      { ENDPOINTS: listOf(gpu) },
      ['SFS_DIR is missing: with ENDPOINTS it has to name the folder where the shared file system is mounted'],
    ],
    [
      { ENDPOINTS: listOf(gpu, { ...gpu, url: 'http://b.test' }), SFS_DIR: '/mnt' },
      ['ENDPOINTS names an endpoint twice'],
    ],
    [
      { ENDPOINTS: listOf(gpu), SFS_DIR: '/mnt', DEMO: 'on' },
      ['DEMO is on, but ENDPOINTS names real ones: set only one of them'],
    ],
    [
      { ENDPOINTS: listOf({ ...gpu, apiKeyVariable: 'GPU_KEY' }), SFS_DIR: '/mnt' },
      ['GPU_KEY is missing: endpoint "h200" takes its key from it'],
    ],
    [
      { ENDPOINT_KEYS: 'GPU_KEY,VERDA_CLIENT_SECRET' },
      ['ENDPOINT_KEYS names VERDA_CLIENT_SECRET, a secret of comfyume itself: leave it out'],
    ],
  ])('%j', (source, faults) => expect(faultsOf(source)).toEqual(faults));

  test.each([
    ['[', /^ENDPOINTS is not valid JSON: /],
    [listOf({ name: 'a' }), /^ENDPOINTS is invalid: 0\.url/],
    [listOf({ ...gpu, url: 'ssh://x' }), /^ENDPOINTS is invalid: 0\.url: should be an http or https address$/],
    [listOf({ ...gpu, capacity: 0 }), /^ENDPOINTS is invalid: 0\.capacity: /],
    [listOf({ ...gpu, apikey: 'x' }), /^ENDPOINTS is invalid: 0: .*"apikey"/],
    [
      listOf({ ...gpu, apiKeyVariable: 'a b' }),
      /^ENDPOINTS is invalid: 0\.apiKeyVariable: should be the name of an environment variable$/,
    ],
  ])('ENDPOINTS=%s', (endpoints, fault) => {
    const faults = faultsOf({ ENDPOINTS: endpoints, SFS_DIR: '/mnt' });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(fault);
  });

  test('all of it at once, also what is wrong between two', () => {
    expect(
      faultsOf({ PORT: 'x', DEMO: 'maybe', ADMIN_PASSWORD: 'short', SFS_POLL_MS: 'often' }).map(
        (fault) => fault.split(' ')[0],
      ),
    ).toEqual(['PORT', 'DEMO', 'ADMIN_PASSWORD', 'SFS_POLL_MS']);
    expect(
      faultsOf({ PORT: 'x', ENDPOINTS: listOf({ ...gpu, apiKeyVariable: 'GPU_KEY' }), DEMO: 'on' }).map(
        (fault) => fault.split(' ')[0],
      ),
    ).toEqual(['PORT', 'DEMO', 'SFS_DIR', 'GPU_KEY']);
  });
});

test.each(['https://class.test', 'https://class.test/', 'https://class.test//', 'http://class.test:3000/'])(
  'PUBLIC_URL may be %s',
  (address) => {
    expect(readConfig({ PUBLIC_URL: address }).publicUrl).toBe(address.replace(/\/+$/, ''));
  },
);
