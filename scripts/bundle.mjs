import { bundle, bundleExtension } from './build.mjs';

await bundle('dist');
await bundleExtension();
