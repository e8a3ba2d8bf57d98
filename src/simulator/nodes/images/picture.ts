import sharp from 'sharp';
import { seededRandom } from '../random.ts';
import type { Dream } from '../values.ts';

type Scene = {
  hue: number;
  night: boolean;
  sun: { x: number; y: number; size: number };
  hills: { base: number; waves: { length: number; height: number; phase: number }[] }[];
  clouds: { x: number; y: number; size: number }[];
  stars: { x: number; y: number }[];
};

function sceneOf({ prompt, seed }: Dream): Scene {
  const random = seededRandom(`${prompt} ${seed}`);
  const night = random() < 0.3;
  const layers = 3 + Math.floor(random() * 2);
  return {
    hue: Math.floor(random() * 360),
    night,
    sun: { x: 0.15 + random() * 0.6, y: 0.15 + random() * 0.3, size: 0.05 + random() * 0.06 },
    hills: Array.from({ length: layers }, (_, layer) => ({
      base: 0.52 + (layer * 0.36) / layers,
      waves: Array.from({ length: 3 }, () => ({
        length: 0.15 + random() * 0.7,
        height: (0.015 + random() * 0.05) * (1 + layer * 0.3),
        phase: random() * 6.28,
      })),
    })),
    clouds: Array.from({ length: 3 }, () => ({ x: random(), y: 0.1 + random() * 0.3, size: 0.08 + random() * 0.1 })),
    stars: Array.from({ length: night ? 40 : 0 }, () => ({ x: random(), y: random() * 0.5 })),
  };
}

const escapeXml = (text: string): string =>
  text.replace(/\p{Cc}/gu, ' ').replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);

function lines(text: string, length: number, most: number): string[] {
  const found: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    if (`${line} ${word}`.length > length && line !== '') {
      found.push(line);
      line = '';
    }
    line = line === '' ? word.slice(0, length) : `${line} ${word}`;
  }
  if (line !== '') found.push(line);
  return found.length > most ? [...found.slice(0, most - 1), `${found[most - 1]} …`] : found;
}

function hill(scene: Scene, layer: number, width: number, height: number, shift: number): string {
  const { base, waves } = scene.hills[layer] ?? { base: 1, waves: [] };
  const points: string[] = [];
  for (let step = 0; step <= 120; step++) {
    const x = step / 120;
    const y = waves.reduce(
      (sum, wave) => sum + wave.height * Math.sin((x + shift) * (6.28 / wave.length) + wave.phase),
      base,
    );
    points.push(`${(x * width).toFixed(1)},${(y * height).toFixed(1)}`);
  }
  const depth = layer / scene.hills.length;
  const color = `hsl(${(scene.hue + 140 + layer * 18) % 360} ${30 + depth * 20}% ${scene.night ? 22 - depth * 14 : 52 - depth * 30}%)`;
  return `<polygon points="0,${height} ${points.join(' ')} ${width},${height}" fill="${color}"/>`;
}

function caption(dream: Dream, width: number, height: number): string {
  const size = Math.max(7, Math.round(Math.min(width, height) / 30));
  const words = lines(dream.prompt, Math.max(8, Math.floor(width / (size * 0.58)) - 2), 3);
  const top = height - size * (0.7 + words.length * 1.3);
  const shade = `<rect x="0" y="${top - size * 1.2}" width="${width}" height="${height}" fill="#000" fill-opacity="0.35"/>`;
  const text = words.map(
    (line, index) => `<text x="${size}" y="${top + index * size * 1.3}" font-size="${size}">${escapeXml(line)}</text>`,
  );
  const note = `simulated · seed ${dream.seed} · ${dream.steps} steps`;
  const small = Math.max(6, Math.round(size * 0.7));
  return `${words.length > 0 ? shade : ''}<g font-family="sans-serif" fill="#fff">${text.join('')}<text x="${size}" y="${size * 1.4}" font-size="${small}" fill-opacity="0.75">${note}</text></g>`;
}

/** One frame of the landscape that replaces a model's picture; `time` runs from 0 to 1 over a film. */
function sceneSvg(dream: Dream, width: number, height: number, time: number): string {
  const scene = sceneOf(dream);
  const { hue, night, sun } = scene;
  const light = night ? [12, 30] : [48, 84];
  const least = Math.min(width, height);
  const clouds = scene.clouds.map(({ x, y, size }) => {
    const at = ((x + time * 0.25) % 1.2) - 0.1;
    return `<ellipse cx="${(at * width).toFixed(1)}" cy="${(y * height).toFixed(1)}" rx="${(size * width).toFixed(1)}" ry="${(size * height * 0.22).toFixed(1)}" fill="#fff" fill-opacity="${night ? 0.08 : 0.4}"/>`;
  });
  const stars = scene.stars.map(
    ({ x, y }) =>
      `<circle cx="${(x * width).toFixed(1)}" cy="${(y * height).toFixed(1)}" r="${Math.max(0.6, least / 500)}" fill="#fff"/>`,
  );
  const hills = scene.hills.map((_, layer) =>
    hill(scene, layer, width, height, layer === scene.hills.length - 1 ? time * 0.3 : 0),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
<defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="hsl(${hue} 62% ${light[0]}%)"/><stop offset="0.7" stop-color="hsl(${(hue + 40) % 360} 70% ${light[1]}%)"/></linearGradient></defs>
<rect width="100%" height="100%" fill="url(#sky)"/>${stars.join('')}
<circle cx="${((sun.x + time * 0.12) * width).toFixed(1)}" cy="${((sun.y - Math.sin(time * 3.14) * 0.06) * height).toFixed(1)}" r="${(sun.size * least).toFixed(1)}" fill="hsl(${night ? 50 : 40} ${night ? 20 : 95}% ${night ? 88 : 72}%)"/>
${clouds.join('')}${hills.join('')}${caption(dream, width, height)}</svg>`;
}

export async function renderScene(dream: Dream, width: number, height: number, time: number): Promise<Uint8Array> {
  const svg = Buffer.from(sceneSvg(dream, width, height, time));
  const bytes = await sharp(svg).resize(width, height, { fit: 'fill' }).removeAlpha().raw().toBuffer();
  return new Uint8Array(bytes);
}
