import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { createBucket } from '#src/adapters/files/stores/bucket.ts';
import { startS3Server } from '#src/adapters/files/stores/s3-server.testing.ts';
import { picture } from '../testing/graphs.ts';
import { killableProduct } from '../testing/killable-product.ts';
import { OPERATOR, signIn } from '../testing/product-under-test.ts';
import { until } from '../testing/until.ts';
import { visitor } from '../testing/visitor.ts';

test('killed while a file goes to the bucket: nothing is there half, and the file comes once', async () => {
  const server = await startS3Server();
  const { endpoint, bucket: name, accessKeyId, secretAccessKey } = server.settings;
  const product = await killableProduct({
    S3_ENDPOINT: endpoint ?? '',
    S3_BUCKET: name,
    S3_PREFIX: 'school',
    S3_ACCESS_KEY_ID: accessKeyId,
    S3_SECRET_ACCESS_KEY: secretAccessKey,
  });
  const bucket = await createBucket(server.settings);
  const keys = async () => {
    const found: string[] = [];
    for await (const { key } of bucket.list('school/Anna/')) found.push(key);
    return found;
  };
  const operator = visitor(product.url);
  await signIn(operator, OPERATOR);
  const [credentials] = await operator.api.admin.participants.create.mutate({ names: ['Anna'] });
  const anna = visitor(product.url);
  await signIn(anna, { name: 'Anna', password: credentials?.passphrase ?? '' });

  let held = false;
  server.setFault(({ method, url }) => {
    const isResult = method === 'PUT' && url?.includes('/school/Anna/') === true;
    held ||= isResult;
    return isResult ? 'hold' : null;
  });
  const { id } = await anna.api.jobs.submit.mutate({ prompt: picture() });
  await until('the file to be sent', () => held);
  expect(await keys()).toEqual([]);
  expect(await anna.api.jobs.get.query({ id })).toMatchObject({ endedAt: null, results: [] });

  server.setFault(null);
  await product.killAndStart();
  const job = await until('the end of the job', async () => {
    const now = await anna.api.jobs.get.query({ id });
    return now.endedAt !== null && now;
  });
  const [result] = job.results;
  expect(job).toMatchObject({ status: 'completed', attempts: 1, results: [{ jobId: id }] });
  expect(await keys()).toEqual([`school/Anna/${result?.filename}`]);
  const served = await anna.fetch(result?.url ?? '');
  expect(
    createHash('sha256')
      .update(new Uint8Array(await served.arrayBuffer()))
      .digest('hex'),
  ).toBe(result?.sha256);
  bucket.close();
  await product.stop();
  await server.stop();
});
