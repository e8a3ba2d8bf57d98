/** The part of s3rver that is used here; the package has no types of its own. */
declare module '@20minutes/s3rver' {
  import type { RequestListener } from 'node:http';

  type Options = {
    directory: string;
    silent: boolean;
    /** Whether a host name may be the bucket's. */
    vhostBuckets: boolean;
    allowMismatchedSignatures: boolean;
    configureBuckets: readonly { name: string }[];
  };
  export default class S3rver {
    constructor(options: Options);
    configureBuckets(): Promise<unknown>;
    getMiddleware(): RequestListener;
  }
}
