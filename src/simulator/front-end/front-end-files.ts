import { createHash } from 'node:crypto';

export type StaticFile = { readonly type: string; readonly body: Buffer };

const JS = 'text/javascript';
/** A text of a script, and no import of ours. */
const LATE = 'import';
const hashed = (name: string, ending: string, body: string): string =>
  `${name}-${createHash('sha256').update(body).digest('base64url').slice(0, 8)}.${ending}`;

const onePixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/**
 * A small imitation of what ComfyUI's front end is as files: a page, modules with a hash in their names, some of them imported late, shims for node packs,
 * a node pack of its own, templates and help. `update` rises when the workers get another version: then every name with a hash is another one.
 */
export function frontEndFiles(update: number): ReadonlyMap<string, StaticFile> {
  const files = new Map<string, StaticFile>();
  const add = (path: string, type: string, body: string | Buffer): string => {
    files.set(path, { type, body: Buffer.from(body) });
    return path;
  };
  const asset = (name: string, ending: string, type: string, body: string): string => {
    const file = hashed(name, ending, body);
    add(`assets/${file}`, type, body);
    return file;
  };

  const icon = asset(
    'icon',
    'svg',
    'image/svg+xml',
    `<svg xmlns="http://www.w3.org/2000/svg"><title>${update}</title></svg>`,
  );
  const css = asset(
    'index',
    'css',
    'text/css',
    `/* ${update} */ .icon{background:url('./${icon}')} /* @import "./left-out.css" */`,
  );
  const vendor = asset('vendor', 'js', JS, `export const version=${update};`);
  const panelCss = asset('Panel', 'css', 'text/css', `/* ${update} */ .panel{color:inherit}`);
  const panel = asset(
    'Panel',
    'js',
    JS,
    `import{version as v}from"./${vendor}";export const show=()=>{document.body.dataset.panel=String(v)};`,
  );
  const index = asset(
    'index',
    'js',
    JS,
    `import{version as v}from"./${vendor}";const __deps=["assets/${panel}","assets/${panelCss}"];const frame=n=>\`/assets/images/frame_\${n}.png\`;` +
      `window.comfyAPI={app:{app:{version:v,extensions:[],registerExtension(e){this.extensions.push(e.name)}}},api:{api:{}}};` +
      `const started=async()=>{const list=await(await fetch('./api/extensions')).json();await Promise.all(list.map(path=>${LATE}(path).catch(e=>console.error(path,e))));` +
      `document.body.dataset.version=String(v);document.body.dataset.extensions=window.comfyAPI.app.app.extensions.join(' ');` +
      `(await ${LATE}("./${panel}")).show();void frame;void __deps;void fetch('assets/sorted-custom-node-map.json')};void started();`,
  );
  add('assets/sorted-custom-node-map.json', 'application/json', '{}');
  for (const frame of [0, 1]) add(`assets/images/frame_${frame}.png`, 'image/png', onePixel);
  add(
    'index.html',
    'text/html',
    `<!doctype html><html lang="en"><head><link rel="stylesheet" href="user.css"><meta charset="utf-8"><title>ComfyUI</title>` +
      `<link rel="stylesheet" href="./assets/${css}"><script type="module" crossorigin src="./assets/${index}"></script></head>` +
      `<body><p>A simulated ComfyUI worker: its pictures are not made by a model.</p></body></html>`,
  );
  add('scripts/app.js', JS, '// Shim\nexport const app = window.comfyAPI.app.app;\n');
  add('scripts/api.js', JS, '// Shim\nexport const api = window.comfyAPI.api.api;\n');
  add('extensions/core/groupNode.js', JS, '// Shim\nexport const GroupNodeHandler = undefined;\n');
  add(
    'extensions/simulated-pack/js/main.js',
    JS,
    `import { app } from '../../../scripts/app.js';\nimport { label } from './parts/label.mjs';\n` +
      `const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: new URL('style.css', import.meta.url) });\n` +
      `document.head.append(link);\napp.registerExtension({ name: 'simulated-pack.' + label });\n`,
  );
  add('extensions/simulated-pack/js/parts/label.mjs', JS, `export const label = 'update-${update}';\n`);
  add('extensions/simulated-pack/js/style.css', 'text/css', `.simulated { order: ${update} }\n`);
  add('templates/index.json', 'application/json', JSON.stringify([templates]));
  for (const { name } of templates.templates) {
    add(`templates/${name}.json`, 'application/json', JSON.stringify({ nodes: [], links: [], version: 0.4 }));
    add(`templates/${name}-1.png`, 'image/png', onePixel);
  }
  add('docs/EmptyImage/en.md', 'text/markdown', '# Empty image\n\nMakes a picture of one colour.\n');
  return files;
}

const templates = {
  moduleName: 'default',
  title: 'Basics',
  type: 'image',
  templates: [{ name: 'grey_card', mediaType: 'image', mediaSubtype: 'png', description: 'A grey card' }],
};

/** What a node pack brings besides its modules, as ComfyUI gathers it. */
export const gathered = {
  i18n: { en: { nodeDefs: { SimulatedNode: { display_name: 'Simulated node' } } } },
  workflowTemplates: { 'simulated-pack': ['demo'] },
  workflow: { nodes: [], links: [], version: 0.4 },
  subgraphs: {
    'simulated-blueprint': {
      source: 'templates',
      name: 'Simulated blueprint',
      info: { node_pack: 'comfyui' },
      data: JSON.stringify({ nodes: [], links: [] }),
    },
  },
} as const;
