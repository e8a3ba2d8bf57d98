import { link, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { random } from '#src/adapters/auth/random.ts';
import { openMigrated } from './class.ts';

const TAKES = 4;
const JOBS_AT_ONCE = 500;
/** Different words in all prompts. */
const TERMS = 10_000;
const DAY_MS = 86_400_000;
/** So many days back does it go; the newest result is a minute old. */
const DAYS = 120;

const SHAPES = [
  { width: 1024, height: 576 },
  { width: 768, height: 512 },
  { width: 640, height: 640 },
  { width: 512, height: 768 },
  { width: 1032, height: 432 },
] as const;
const NOUNS = ['harbour', 'night train', 'diver', 'salt flats', 'greenhouse', 'market', 'dunes', 'lighthouse'];
const LIGHTS = ['at dawn', 'in the rain', 'by candle light', 'at noon', 'under neon', 'in fog', 'after snow'];
const LENSES = ['35 mm', 'long lens', 'wide angle', 'macro', 'drone shot'];
const MODELS = ['sd_xl_base_1.0.safetensors', 'flux1-dev.safetensors', 'wan2.1_t2v_14B.safetensors'];
const LORAS = ['film-grain.safetensors', 'anamorphic.safetensors'];

const of = <T>(list: readonly T[], n: number): T => {
  const found = list[n % list.length];
  if (found === undefined) throw new Error('An empty list.');
  return found;
};

/** A participant's results as years of classes would leave them: with jobs, attempts, generation metadata, words and files. All files of one shape are one. */
export async function seedGallery(dataDir: string, userId: string, results: number): Promise<void> {
  const outputs = join(dataDir, 'outputs', 'seeded');
  await mkdir(outputs, { recursive: true });
  const pictures: string[] = [];
  for (const [n, { width, height }] of SHAPES.entries()) {
    const noise = { type: 'gaussian', mean: 60 + n * 30, sigma: 12 } as const;
    const path = join(outputs, `shape_${n}.png`);
    await writeFile(
      path,
      await sharp({ create: { width, height, channels: 3, background: 'grey', noise } })
        .png()
        .toBuffer(),
    );
    pictures.push(path);
  }
  const db = await openMigrated(dataDir);
  try {
    // Nobody would miss it.
    await db.$queryRaw`PRAGMA synchronous = OFF`;
    const endpointId = random.id();
    const now = Date.now();
    await db.endpoint.create({
      data: {
        id: endpointId,
        name: 'seeded',
        url: 'http://127.0.0.1:9',
        gpu: '',
        pricing: 'spot',
        capacity: 1,
        enabled: false,
        configured: false,
        createdAt: new Date(now),
      },
    });
    const terms = JSON.stringify([...NOUNS, ...Array.from({ length: TERMS }, (_, n) => `word${n.toString(36)}`)]);
    await db.$executeRaw`INSERT OR IGNORE INTO "SearchTerm" ("userId", "term") SELECT ${userId}, value FROM json_each(${terms})`;
    const jobs = Math.ceil(results / TAKES);
    const step = (DAYS * DAY_MS) / jobs;
    for (let first = 0; first < jobs; first += JOBS_AT_ONCE) {
      const some = Array.from({ length: Math.min(JOBS_AT_ONCE, jobs - first) }, (_, i) => {
        const n = first + i;
        const at = new Date(now - 60_000 - (jobs - n) * step);
        const noun = of(NOUNS, n);
        return {
          n,
          at,
          jobId: random.id(),
          attemptId: random.id(),
          metadataId: n + 1,
          title: noun,
          words: `${noun} ${of(LIGHTS, n * 3)}, ${of(LENSES, n * 7)}, take ${n}`,
          model: of(MODELS, n),
          lora: n % 5 === 0 ? of(LORAS, n) : null,
        };
      });
      await db.job.createMany({
        data: some.map(({ jobId, title, at }) => ({
          id: jobId,
          userId,
          title,
          status: 'completed',
          createdAt: at,
          queuedAt: at,
          startedAt: at,
          endedAt: at,
          attemptCount: 1,
        })),
      });
      await db.attempt.createMany({
        data: some.map(({ attemptId, jobId, at }) => ({
          id: attemptId,
          jobId,
          endpointId,
          number: 1,
          plan: '{"folder":"","saves":[],"markerNodes":{}}',
          sentAt: at,
          endedAt: at,
          outcome: 'completed',
        })),
      });
      await db.generationMetadata.createMany({
        data: some.map(({ metadataId, jobId, title, model, words, n }) => ({
          id: metadataId,
          jobId,
          nodeId: '7',
          userId,
          title,
          model,
          seed: String(1000 + n),
          prompt: words,
        })),
      });
      await db.generationLora.createMany({
        data: some.flatMap(({ metadataId, lora }) => (lora === null ? [] : [{ metadataId, name: lora }])),
      });
      const told = JSON.stringify(
        some.map(({ metadataId, title, model, words }) => [metadataId, `${title}\n${model}\n${words}`]),
      );
      await db.$executeRaw`
        INSERT INTO "GenerationWords" (rowid, words) SELECT value ->> 0, value ->> 1 FROM json_each(${told})`;
      await db.result.createMany({
        data: some.flatMap(({ n, jobId, attemptId, metadataId, at }) =>
          Array.from({ length: TAKES }, (_, take) => {
            const { width, height } = of(SHAPES, n);
            const number = n * TAKES + take;
            return {
              id: random.id(),
              userId,
              jobId,
              attemptId,
              nodeId: '7',
              name: `0/shot_${take}.png`,
              path: `seeded/shot_${number}.png`,
              stem: 'shot',
              counter: number,
              kind: 'image',
              mime: 'image/png',
              bytes: 400_000n,
              sha256: '0'.repeat(64),
              width,
              height,
              metadataId,
              deliveredAt: new Date(at.getTime() + take * 500),
              favourite: number % 17 === 0,
              rating: number % 11 === 0 ? (number % 5) + 1 : 0,
              rejected: number % 13 === 0,
            };
          }),
        ),
      });
      for (const { n } of some)
        for (let take = 0; take < TAKES; take += 1)
          await link(of(pictures, n), join(outputs, `shot_${n * TAKES + take}.png`));
    }
  } finally {
    await db.close();
  }
}
