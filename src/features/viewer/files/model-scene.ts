import {
  AmbientLight,
  Box3,
  DirectionalLight,
  HemisphereLight,
  Mesh,
  type Object3D,
  PerspectiveCamera,
  Scene,
  Sphere,
  Spherical,
  SRGBColorSpace,
  TextureLoader,
  Vector3,
  WebGLRenderer,
} from 'three';
import { GLTFLoader } from 'three/examples/jsm/loaders/GLTFLoader.js';

/** Moves of the camera around the model. */
export type ModelScene = {
  turn(across: number, down: number): void;
  zoomBy(factor: number): void;
  reset(): void;
  resize(width: number, height: number): void;
  readonly triangles: number;
  dispose(): void;
};

const FAR = 12;
const NEAR = 1.05;
const START = { theta: Math.PI / 5, phi: Math.PI / 2.6, distance: 2.9 };

async function load(url: string, signal: AbortSignal): Promise<Object3D> {
  const response = await fetch(url, { signal });
  if (!response.ok) throw new Error(await response.text());
  const loader = new GLTFLoader();
  loader.register((parser) => {
    // By itself it fetches textures from blobs, which the page's policy forbids; as pictures they may be shown.
    parser.textureLoader = new TextureLoader();
    return { name: 'textures-as-pictures' };
  });
  return (await loader.parseAsync(await response.arrayBuffer(), '')).scene;
}

function release(model: Object3D): void {
  model.traverse((part) => {
    if (!(part instanceof Mesh)) return;
    part.geometry.dispose();
    for (const material of [part.material].flat()) material.dispose();
  });
}

function trianglesOf(model: Object3D): number {
  let count = 0;
  model.traverse((part) => {
    if (!(part instanceof Mesh)) return;
    count += (part.geometry.index?.count ?? part.geometry.attributes.position?.count ?? 0) / 3;
  });
  return Math.round(count);
}

/** Draws a GLB file on a canvas. Draws only when something has changed. */
export async function createModelScene(
  canvas: HTMLCanvasElement,
  url: string,
  signal: AbortSignal,
): Promise<ModelScene> {
  const model = await load(url, signal);
  signal.throwIfAborted();
  const renderer = new WebGLRenderer({ canvas, antialias: true, alpha: true });
  renderer.outputColorSpace = SRGBColorSpace;
  renderer.setPixelRatio(Math.min(2, window.devicePixelRatio));

  const ball = new Box3().setFromObject(model).getBoundingSphere(new Sphere());
  const size = ball.radius || 1;
  model.position.sub(ball.center);
  const scene = new Scene();
  const key = new DirectionalLight(0xffffff, 2);
  key.position.set(3, 5, 4);
  scene.add(model, new AmbientLight(0xffffff, 0.6), new HemisphereLight(0xffffff, 0x555555, 1.2), key);
  const camera = new PerspectiveCamera(40, 1, size / 100, size * FAR * 4);
  const place = new Spherical();
  let frame = 0;

  const draw = (): void => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => {
      // On a stage that is higher than wide, all of it is in sight only from further away.
      camera.position.setFromSpherical(place).multiplyScalar(Math.max(1, 1 / camera.aspect));
      camera.lookAt(new Vector3());
      renderer.render(scene, camera);
    });
  };
  const reset = (): void => {
    place.set(size * START.distance, START.phi, START.theta);
    draw();
  };
  reset();
  // A texture may load later than its surface.
  const later = setTimeout(draw, 300);
  return {
    triangles: trianglesOf(model),
    turn(across, down) {
      place.theta -= across;
      place.phi -= down;
      place.makeSafe();
      draw();
    },
    zoomBy(factor) {
      place.radius = Math.min(size * FAR, Math.max(size * NEAR, place.radius / factor));
      draw();
    },
    reset,
    resize(width, height) {
      renderer.setSize(width, height, false);
      camera.aspect = width / Math.max(1, height);
      camera.updateProjectionMatrix();
      draw();
    },
    dispose() {
      cancelAnimationFrame(frame);
      clearTimeout(later);
      release(model);
      renderer.dispose();
    },
  };
}
