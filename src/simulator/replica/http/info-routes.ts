import { freemem, totalmem } from 'node:os';
import type { Catalog } from '../catalog.ts';
import { modelEndings, modelFolders, outputModelFolders } from '../model-folders.ts';
import { atLeast, since } from '../version.ts';
import { empty, json } from './http.ts';
import { type Route, route } from './routes.ts';
import { serverFeatures } from './sockets.ts';

const isFolder = (name: string): boolean => modelFolders.some((folder) => folder === name);

/** What a server reports about itself, its node classes and models. */
export function infoRoutes(
  folders: { inputs: string; outputs: string; version: string; update: number },
  catalog: Catalog,
): Route[] {
  const device = () => ({
    name: 'cuda:0 NVIDIA H200 (simulated)',
    type: 'cuda',
    index: 0,
    vram_total: 150_028_353_536,
    vram_free: 148_312_686_592,
    torch_vram_total: 33_554_432,
    torch_vram_free: 24_641_536,
  });
  const frontEnd = () => `1.27.${9 + folders.update}`;
  const system = () => ({
    os: 'posix',
    ram_total: totalmem(),
    ram_free: freemem(),
    comfyui_version: folders.version,
    required_frontend_version: frontEnd(),
    installed_templates_version: null,
    required_templates_version: '0.1.95',
    ...(atLeast(folders.version, since.packageVersions) && {
      comfy_package_versions: [
        { name: 'comfyui-frontend-package', installed: frontEnd(), required: frontEnd() },
        { name: 'comfyui-workflow-templates', installed: null, required: '0.1.95' },
      ],
    }),
    python_version: '3.12.11 (simulated)',
    pytorch_version: '2.8.0+cu128',
    embedded_python: false,
    argv: ['main.py', '--listen', '--input-directory', folders.inputs, '--output-directory', folders.outputs],
  });
  const paths = (name: string) => [
    `/comfyui/models/${name}`,
    ...(outputModelFolders[name] ? [`${folders.outputs}/${outputModelFolders[name]}`] : []),
  ];
  return [
    route('GET', '/system_stats', () => json({ system: system(), devices: [device()] })),
    route('GET', '/features', () => json(serverFeatures)),
    route('GET', '/object_info', () => json(catalog.infoOfAll())),
    route('GET', '/object_info/{}', ({ params }) => {
      const [name = ''] = params;
      const info = catalog.info(name);
      return json(info ? { [name]: info } : {});
    }),
    route('GET', '/models', () => json([...modelFolders])),
    route('GET', '/models/{}', ({ params }) => {
      const [folder = ''] = params;
      return isFolder(folder) ? json(catalog.modelsIn(folder)) : empty(404);
    }),
    route('GET', '/experiment/models', () =>
      json(
        modelFolders
          .filter((name) => name !== 'configs' && name !== 'custom_nodes')
          .map((name) => ({
            name,
            folders: paths(name),
            ...(atLeast(folders.version, since.modelEndings) && { extensions: [...modelEndings] }),
          })),
      ),
    ),
    route(
      'GET',
      '/internal/folder_paths',
      () => json(Object.fromEntries(modelFolders.map((name) => [name, paths(name)]))),
      {
        bare: true,
      },
    ),
    route('GET', '/embeddings', () => json([])),
    route('GET', '/users', () => json({ storage: 'server', migrated: false })),
  ];
}
