import { z } from 'zod';
import { endpointFields, httpAddress } from '#src/domain/endpoints/endpoint.ts';
import { isOurs } from '#src/domain/endpoints/key-variable.ts';
import { userName } from '#src/domain/users/user.ts';
import { frontEndFault } from './front-end-variable.ts';
import { listOf } from './list-variable.ts';
import { proxyList } from './proxies-variable.ts';
import { s3Variables } from './s3-variables.ts';

const text = z.string().trim().min(1, 'should not be empty');
const whole = (least: number, most: number) => {
  const error = `should be a whole number from ${least} to ${most}`;
  return z.coerce.number({ error }).int(error).min(least, error).max(most, error);
};
const oneOf = <const Word extends string>(...words: readonly Word[]) => {
  const [last, ...others] = words.map((word) => `"${word}"`).reverse();
  return z.enum(words, `should be ${others.reverse().join(', ')} or ${last}`);
};
const isOrigin = (address: string): boolean =>
  URL.canParse(address) && /^https?:$/.test(new URL(address).protocol) && new URL(address).origin === address;

/** Cookies, sockets and links are all made for the root of an address. What is left out may be secret, so it is not said again. */
function refuseMoreThanAnOrigin(address: string, context: z.RefinementCtx): void {
  if (!URL.canParse(address)) return;
  const { origin, pathname, search, hash, username, password } = new URL(address);
  const refuse = (message: string) => context.addIssue({ code: 'custom', message });
  if (/[^/]/.test(pathname))
    refuse(`is ${origin}${pathname}: comfyume runs at the root of an address, so leave the path out`);
  if (search !== '' || hash !== '') refuse(`should end with the host: leave out what follows "${origin}"`);
  if (username !== '' || password !== '') refuse('should not contain a name or password: everyone can see it');
}

export const endpoint = z.strictObject(endpointFields);

export const tool = z.strictObject({
  name: text,
  /** For people. */
  url: text.refine(
    (address) => /^\/(?![/\\])/.test(address) || (URL.canParse(address) && /^https?:$/.test(new URL(address).protocol)),
    'should be an http or https address, or a path such as /monitoring/grafana/',
  ),
  /** For us. */
  check: httpAddress,
});

/** Each with what docs/configuration.md says of it. */
export const variables = z.object({
  PORT: whole(0, 65_535).default(3000).describe('The port to listen on.'),
  HOST: text.default('localhost').describe('The address to listen on. `0.0.0.0` serves a class room without a proxy.'),
  PUBLIC_URL: httpAddress
    .superRefine(refuseMoreThanAnOrigin)
    .optional()
    .describe(
      "The address in people's browsers, without a path, when there is a proxy in front. With `https` cookies are secure.",
    ),
  TRUSTED_PROXIES: proxyList
    .default(['127.0.0.0/8', '::1'])
    .describe(
      'The proxies in front, as addresses and ranges separated by commas, in place of this machine: only they are believed whom they speak for (`X-Forwarded-For`, `-Proto`). List all between people and comfyume, such as `127.0.0.1, 10.0.0.5`; behind one that is not listed, everybody shares the limits of one address.',
    ),
  DATA_DIR: text
    .default('./data')
    .describe('The folder of the database, the thumbnails, and of everything below that is not set.'),
  DATABASE_URL: text
    .regex(/^(file|postgres(ql)?):/, 'should begin with "file:" or "postgresql:"')
    .optional()
    .describe(
      'The database: `postgresql://user:password@host/name`, or another place for the SQLite file, as `file:/path/to/comfyume.db`. By default `comfyume.db` in `DATA_DIR`. See docs/scaling.md.',
    ),
  SFS_DIR: text
    .optional()
    .describe(
      'Where the shared file system is mounted, with the folders `outputs` and `inputs`. By default `sfs` in `DATA_DIR`; required with `ENDPOINTS`.',
    ),
  OUTPUTS_DIR: text.optional().describe("The participants' folders. By default `outputs` in `DATA_DIR`."),
  ...s3Variables,
  MODELS_DIR: text
    .optional()
    .describe(
      "Where the workers' models are mounted here, for Admin, Storage; only read. By default `models` in `SFS_DIR`.",
    ),
  ENDPOINTS: listOf(endpoint, 'an endpoint')
    .optional()
    .describe(
      'The GPUs: a JSON list, or the path of a file with one. Each has `name`, `url`, `gpu`, `pricing` (`spot` or `on-demand`), `capacity` and `apiKeyVariable`.',
    ),
  ENDPOINT_KEYS: z
    .string()
    .default('')
    .transform((list) => list.split(',').map((name) => name.trim()))
    .transform((list) => list.filter((name) => name !== ''))
    .superRefine((list, context) => {
      for (const name of list.filter(isOurs))
        context.addIssue({ code: 'custom', message: `names ${name}, a secret of comfyume itself: leave it out` });
    })
    .describe(
      'Further variables that hold keys of endpoints, separated by commas. Those that begin with `COMFY_KEY` or that `ENDPOINTS` names need not be listed.',
    ),
  DEMO: oneOf('on', 'off')
    .optional()
    .describe('`on` simulates the GPUs, `off` does not. By default `on` without `ENDPOINTS`.'),
  ADMIN_NAME: userName.default('teacher').describe('The name of the first operator.'),
  ADMIN_PASSWORD: z
    .string()
    .min(8, 'should have at least 8 characters')
    .optional()
    .describe('The password of the first operator. Without it one is made up and printed once.'),
  ALLOWED_ORIGINS: z
    .string()
    .default('')
    .transform((list) =>
      list
        .split(',')
        .map((origin) => origin.trim().replace(/\/+$/, ''))
        .filter((origin) => origin !== ''),
    )
    .refine(
      (list) => list.every(isOrigin),
      'should be a list of addresses such as https://class.example, with commas between them',
    )
    .describe('Further origins that may call the API and whose host names this server accepts, separated by commas.'),
  COMFYUI_URL: text
    .refine(
      (address) => URL.canParse(address.replaceAll('{user}', 'a'), 'http://host') && /^(https?:\/\/|\/)/.test(address),
      'should be an http or https address, or a path such as /comfy/{user}/',
    )
    .optional()
    .describe(
      "Where everybody has another ComfyUI than comfyume's own, such as `/comfy/{user}/`: the gallery leads there instead ([the extension](comfyui-extension.md)).",
    ),
  COMFYUI_ORIGIN: z
    .string()
    .transform((address) => address.trim().replace(/\/+$/, ''))
    .refine(isOrigin, 'should be an address without a path, such as https://comfyui.class.example')
    .optional()
    .describe(
      'A separate host for ComfyUI, such as `https://comfyui.class.example`, so that scripts there have nothing to do with the gallery; without it, ComfyUI is at `PORT` + 1 ([why](security.md)).',
    ),
  COMFYUI_FRONTEND: text
    .superRefine((path, context) => {
      const message = frontEndFault(path);
      if (message !== null) context.addIssue({ code: 'custom', message });
    })
    .optional()
    .describe(
      "ComfyUI's front end, as a wheel (`comfyui_frontend_package-….whl`) or a folder with `index.html`: the editor is then this one, as soon as the nodes of a worker are known. Without it, it is read from a worker ([why](decisions/front-end-cache.md)).",
    ),
  METRICS_TOKEN: z
    .string()
    .regex(/^\S{8,}$/, 'should have at least 8 characters, and no spaces')
    .optional()
    .describe(
      'The bearer token that `/metrics` (Prometheus) asks for. Without it `/metrics` is for this machine only, so set it if a proxy runs here.',
    ),
  MONITORING: listOf(tool, 'a tool')
    .optional()
    .describe(
      'Monitoring tools: a JSON list, or the path of a file with one. Each has `name`, `url` (for people) and `check` (requested by comfyume); Admin, Overview shows which are online.',
    ),
  LOG_LEVEL: oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent')
    .default('info')
    .describe('The least important messages that are logged.'),
  VERDA_CLIENT_ID: text
    .optional()
    .describe(
      'A Verda account: comfyume then monitors replicas, prevents scale-in during renders and explains failures ([Verda](verda.md)). Set with `VERDA_CLIENT_SECRET`.',
    ),
  VERDA_CLIENT_SECRET: text.optional().describe('The secret of that account.'),
  VERDA_BASE_URL: httpAddress.default('https://api.verda.com/v1').describe("The address of Verda's API."),
  VERDA_DRY_RUN: oneOf('on', 'off')
    .default('off')
    .describe('`on` changes nothing at Verda and logs what it would change.'),
  SFS_WATCH: oneOf('auto', 'events', 'poll')
    .default('auto')
    .describe(
      'How new files on the share are found: by `events`, by `poll`, or detected from the kind of file system.',
    ),
  SFS_POLL_MS: whole(50, 60_000).default(1000).describe('The interval of scans, in milliseconds.'),
  BACKUP_DIR: text
    .optional()
    .describe('A folder on another disk for backups ([backup](backup.md)). Without it none are made.'),
  BACKUP_HOURS: whole(1, 24 * 30)
    .default(24)
    .describe('The interval of backups, in hours.'),
  BACKUP_KEEP: whole(1, 1000).default(7).describe('How many backups are kept.'),
});
