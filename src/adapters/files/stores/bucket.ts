import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import PQueue from 'p-queue';
import { bucketError, isNoObject } from './bucket-errors.ts';

export type BucketSettings = {
  /** Null = Amazon's, of the region. */
  readonly endpoint: string | null;
  readonly region: string;
  readonly bucket: string;
  /** Ends with `/`, or is empty. */
  readonly prefix: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Whether the bucket stands in the path of addresses, or in their host. */
  readonly pathStyle: boolean;
};

/** `etag` names these bytes: other content has another one. */
export type StoredObject = {
  readonly bytes: number;
  readonly modifiedAt: number;
  readonly etag: string;
  /** Null where another program has put it there. */
  readonly sha256: string | null;
};

export type ListedObject = { readonly key: string; readonly modifiedAt: number };

/** How the names of objects begin that are there for a moment only. */
export const CHECKS = '.comfyume-check-';
const CONNECT_MS = 5000;
const SILENT_MS = 60_000;
/** Each download that somebody has paused holds one. */
const MAX_CONNECTIONS = 500;
const PART = 8 * 1024 * 1024;
const MAX_PARTS = 10_000;
/** Together with the parts of each: 64 MB of memory. */
const UPLOADS_AT_A_TIME = 4;
const PARTS_AT_A_TIME = 2;

/** A bucket of an S3-compatible storage. Asks nothing before it is used: one that is away does not hold up a start. */
export async function createBucket(settings: BucketSettings) {
  // Whoever keeps results in a folder does not pay for these.
  const { S3Client, HeadObjectCommand, GetObjectCommand, DeleteObjectCommand, ListObjectsV2Command } = await import(
    '@aws-sdk/client-s3'
  );
  const { Upload } = await import('@aws-sdk/lib-storage');
  const { endpoint, region, bucket, accessKeyId, secretAccessKey, pathStyle } = settings;
  const host = endpoint === null ? `s3.${region}.amazonaws.com` : new URL(endpoint).host;
  const agent = { keepAlive: true, maxSockets: MAX_CONNECTIONS };
  const client = new S3Client({
    region,
    ...(endpoint !== null && { endpoint }),
    forcePathStyle: pathStyle,
    credentials: { accessKeyId, secretAccessKey },
    // Storages other than Amazon's know no newer ones.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      socketTimeout: SILENT_MS,
      httpAgent: agent,
      httpsAgent: agent,
    },
  });
  const uploads = new PQueue({ concurrency: UPLOADS_AT_A_TIME });
  const at = (key: string) => ({ Bucket: bucket, Key: key });

  async function asked<T>(asking: Promise<T>): Promise<T> {
    try {
      return await asking;
    } catch (error) {
      throw bucketError(error, { bucket, host });
    }
  }

  async function find(key: string): Promise<StoredObject | null> {
    try {
      const {
        ContentLength = 0,
        LastModified,
        ETag = '',
        Metadata,
      } = await client.send(new HeadObjectCommand(at(key)));
      const sha256 = Metadata?.sha256 ?? null;
      return { bytes: ContentLength, modifiedAt: LastModified?.getTime() ?? 0, etag: ETag, sha256 };
    } catch (error) {
      if (isNoObject(error)) return null;
      throw bucketError(error, { bucket, host });
    }
  }

  /** `to` is exclusive. Other content that has come to the name meanwhile is an error. */
  async function* read(key: string, etag: string, from: number, to: number): AsyncGenerator<Uint8Array> {
    const range = { Range: `bytes=${from}-${to - 1}`, IfMatch: etag };
    const { Body } = await asked(client.send(new GetObjectCommand({ ...at(key), ...range })));
    if (!(Body instanceof Readable)) throw new Error('an object came without its bytes');
    try {
      yield* Body;
    } catch (error) {
      throw bucketError(error, { bucket, host });
    }
  }

  /** In parts where it is large. Before the last byte has arrived, nothing has this name, or what had it before. */
  const upload = (file: string, key: string, sha256: string | null): Promise<string> =>
    uploads.add(async () => {
      const { size } = await stat(file);
      const body = createReadStream(file, { highWaterMark: 1024 * 1024 });
      try {
        const sending = new Upload({
          client,
          params: {
            ...at(key),
            Body: body,
            ContentType: 'application/octet-stream',
            ...(sha256 !== null && { Metadata: { sha256 } }),
          },
          partSize: Math.max(PART, Math.ceil(size / MAX_PARTS)),
          queueSize: PARTS_AT_A_TIME,
        });
        const { ETag = '' } = await asked(sending.done());
        return ETag;
      } finally {
        body.destroy();
      }
    });

  async function* list(prefix: string): AsyncGenerator<ListedObject> {
    for (let next: string | undefined; ; ) {
      const page = await asked(
        client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: next })),
      );
      for (const { Key, LastModified } of page.Contents ?? [])
        if (Key !== undefined) yield { key: Key, modifiedAt: LastModified?.getTime() ?? 0 };
      if (page.IsTruncated !== true || page.NextContinuationToken === undefined) return;
      next = page.NextContinuationToken;
    }
  }

  return {
    name: bucket,
    host,
    prefix: settings.prefix,
    find,
    read,
    upload,
    list,
    async remove(key: string): Promise<void> {
      await asked(client.send(new DeleteObjectCommand(at(key))));
    },
    /** Fails where the bucket cannot be used just now. */
    async reach(): Promise<void> {
      const Prefix = `${settings.prefix}${CHECKS}`;
      await asked(client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix, MaxKeys: 1 })));
    },
    close: (): void => client.destroy(),
  };
}

export type Bucket = Awaited<ReturnType<typeof createBucket>>;
