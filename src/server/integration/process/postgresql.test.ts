import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { openDatabase } from '#src/adapters/db/connection.ts';
import { type OwnPostgresql, startPostgresql } from '../../../../scripts/postgresql.mjs';
import { picture } from '../testing/graphs.ts';
import { type ProductUnderTest, productUnderTest, type TestPerson } from '../testing/product-under-test.ts';
import { until } from '../testing/until.ts';

/** With a server of its own, which is taken away. */
describe.runIf(inject('postgresql') !== null)('on PostgreSQL', () => {
  let server: OwnPostgresql;
  let product: ProductUnderTest;
  let anna: TestPerson;
  beforeAll(async () => {
    const started = await startPostgresql();
    if (started === null) throw new Error('PostgreSQL is not installed.');
    server = started;
    product = await productUnderTest({ config: { databaseUrl: server.url } });
    anna = await product.participant('Anna');
  });
  afterAll(async () => {
    await product.pause();
    await product.fleet().stop();
    await server.stop();
  });

  const done = (id: string) =>
    until('the job to be done', async () => {
      const job = await anna.api.jobs.get.query({ id }).catch(() => null);
      return job?.status === 'completed' ? job : null;
    });

  test('another process is refused while this one has the database', async () => {
    await expect(openDatabase(server.url)).rejects.toThrow(
      /is in use by another process, most likely another comfyume/,
    );
  });

  test('the server goes away while a job runs: everybody is told, and afterwards it is delivered', async () => {
    await product.fleet().control.setFaults({ nodes: [{ kind: 'hold', classType: 'ImageAddNoise' }] });
    const { id } = await anna.api.jobs.submit.mutate({ prompt: picture() });
    await until('it to run', async () => (await anna.api.jobs.get.query({ id })).status === 'running');
    await server.halt();
    await expect(anna.api.jobs.submit.mutate({ prompt: picture() })).rejects.toThrow(
      /cannot reach its database just now\. Nothing of yours is lost/,
    );
    expect((await product.visitor().fetch('/readyz')).status).toBe(503);
    await product.fleet().control.setFaults({ nodes: [] });
    await server.start();
    expect((await done(id)).results).toHaveLength(1);
    const next = await anna.api.jobs.submit.mutate({ prompt: picture() });
    expect((await done(next.id)).results).toHaveLength(1);
    await until('the database to be held again', () =>
      openDatabase(server.url).then(
        async (db) => db.close().then(() => false),
        () => true,
      ),
    );
  });

  test('it is closed and opened again, also while its server is just starting, and everything is there', async () => {
    await product.pause();
    await server.halt();
    const resumed = product.resume();
    await server.start();
    await resumed;
    expect((await anna.api.jobs.list.query({})).items).toHaveLength(2);
  });
});
