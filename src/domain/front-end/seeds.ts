const SHIMS = ['api', 'app', 'changeTracker', 'defaultGraph', 'domWidget', 'pnginfo', 'ui', 'utils', 'widgets'];
const FAVICON_FRAMES = 10;

/** Files that no other file names by its whole path: node packs import them, or the page puts the name together. Those that are not there are left out. */
export const UNNAMED_FILES: readonly string[] = [
  ...SHIMS.map((name) => `scripts/${name}.js`),
  ...Array.from({ length: FAVICON_FRAMES }, (_, n) => `assets/images/favicon_progress_16x16/frame_${n}.png`),
  'templates/index.json',
  'templates/index_logo.json',
  'templates/fuse_options.json',
];
