import { isRecord } from '../workflow/graph.ts';

const FRONT_END_PACKAGE = 'comfyui-frontend-package';

/** Its page then looks for no news at comfy.org, where it cannot go. Folders of a worker are nobody's business. */
const ARGUMENTS = ['main.py', '--disable-api-nodes'];

/** What `GET /system_stats` says while nothing is known of any worker: the fields that the page insists on. */
const NOTHING_KNOWN = {
  system: {
    os: 'posix',
    ram_total: 0,
    ram_free: 0,
    comfyui_version: '',
    python_version: '',
    pytorch_version: '',
    embedded_python: false,
    argv: ARGUMENTS,
  },
  devices: [],
};

/** With the version of the front end that is really served, or the page would warn of the one that is not. */
export function servedStats(captured: unknown, frontEndVersion: string | null): unknown {
  if (!isRecord(captured) || !isRecord(captured.system)) return NOTHING_KNOWN;
  const { comfy_package_versions: packages } = captured.system;
  const system = { ...captured.system, argv: ARGUMENTS };
  if (frontEndVersion === null || !Array.isArray(packages)) return { ...captured, system };
  const served = packages.map((one: unknown) =>
    isRecord(one) && one.name === FRONT_END_PACKAGE ? { ...one, installed: frontEndVersion } : one,
  );
  return { ...captured, system: { ...system, comfy_package_versions: served } };
}
