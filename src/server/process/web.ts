import { createOwnExtension } from '#src/adapters/files/front-ends/own-extension.ts';
import { httpStatusOf } from '#src/api/errors.ts';
import { createApiV2 } from '#src/api-v2/api.ts';
import type { Config } from '#src/env.ts';
import { createGateway } from '#src/gateway/gateway.ts';
import type { FrontEndCaptures } from '#src/ports/comfyui/front-end.ts';
import { createApiV2Route } from '../http/api-v2-route.ts';
import { createBodies } from '../http/bodies.ts';
import { createComfyuiRoute } from '../http/comfyui-route.ts';
import { createExtensionRoute } from '../http/extension-route.ts';
import { createArchiveRoute } from '../http/files/archive-route.ts';
import { createClassPictureRoute } from '../http/files/class-picture-route.ts';
import { createFilesRoute } from '../http/files/files-route.ts';
import { createForms } from '../http/files/forms.ts';
import { createInputFilesRoute } from '../http/files/input-files-route.ts';
import { createInputsRoute } from '../http/files/inputs-route.ts';
import { createOrphanedFilesRoute } from '../http/files/orphaned-files-route.ts';
import { createViewedFiles } from '../http/files/viewed-files.ts';
import type { Hosts } from '../http/hosts.ts';
import { createHttp } from '../http/http.ts';
import type { JsonThreads } from '../http/json-threads.ts';
import { createMetricsRoute } from '../http/metrics-route.ts';
import type { Origins } from '../http/requests.ts';
import { createTurns } from '../http/turns.ts';
import { createWayToTab } from '../http/way-to-tab.ts';

import type { Metrics } from '../state/metrics/metrics.ts';
import type { Deps } from './deps.ts';
import type { Pages } from './pages.ts';

/** Of one person: programs send what a graph needs all at once. Fewer than forms take, so that a browser can send something meanwhile. */
const UPLOADS_AT_A_TIME = 4;

type WebDeps = Deps & { frontEndCaptures: FrontEndCaptures; metrics: Metrics; jsonThreads: JsonThreads };

/** Everything that answers over HTTP. */
export function createWeb(
  deps: WebDeps,
  config: Config,
  about: { extensionDir: string },
  pages: Pages,
  { origins, hosts }: { origins: Origins; hosts: Hosts },
) {
  const bodies = createBodies(deps.jsonThreads);
  const wayToTab = createWayToTab(deps, config, origins);
  const receiveForm = createForms();
  const viewed = createViewedFiles(deps, config.sfsDir);
  const gateway = createGateway({
    ...deps,
    receiveForm,
    viewedPictures: viewed.pictures,
    serveViewed: viewed.serve,
    pictureTurns: createTurns(1),
    readBody: bodies.json,
    readBytes: bodies.bytes,
    statusOf: httpStatusOf,
    ownExtension: createOwnExtension(about.extensionDir),
    galleryOrigin: origins.galleryOrigin,
  });
  const apiV2 = createApiV2({
    ...deps,
    receiveForm,
    serveViewed: viewed.serve,
    uploadTurns: createTurns(UPLOADS_AT_A_TIME),
    readBody: bodies.json,
  });
  return createHttp(
    {
      ...deps,
      files: createFilesRoute(deps),
      inputFiles: createInputFilesRoute(deps, config.sfsDir),
      classPictures: createClassPictureRoute(deps),
      takeHome: createArchiveRoute(deps),
      wayToTab,
      comfyui: createComfyuiRoute({ ...deps, wayToTab, gateway }, origins),
      apiV2Route: createApiV2Route({ ...deps, apiV2 }, origins),
      strays: createOrphanedFilesRoute({ ...deps, sfsDir: config.sfsDir }),
      extension: createExtensionRoute(about.extensionDir),
      receiveInput: createInputsRoute({ ...deps, receiveForm }),
      dev: pages.dev,
      readBody: bodies.json,
      pages: pages.handle,
      metrics: createMetricsRoute(deps.metrics, config.metricsToken),
    },
    origins,
    hosts,
  );
}
