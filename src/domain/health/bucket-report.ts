import { type CheckOutcome, type Finding, fault, fine } from './finding.ts';

/** `refused`: why files cannot be stored in the bucket, read and deleted there, in a sentence; null = they can. */
export type BucketFacts = { readonly refused: string | null };

const WHAT = 'Object storage';

/** What is to be said of the bucket where results are. */
export function bucketReport(bucket: string, host: string, outcome: CheckOutcome<BucketFacts>): Finding {
  const where = `The bucket "${bucket}" at ${host}`;
  const waiting = 'Until it can be used, finished files wait on the share and nothing is lost.';
  switch (outcome.type) {
    case 'silent':
      return fault(WHAT, `${where} did not respond in time.`, `Check S3_ENDPOINT and the network. ${waiting}`);
    case 'failed':
      return fault(WHAT, `${where} cannot be used (${outcome.code}).`, waiting);
    case 'got': {
      const { refused } = outcome.value;
      if (refused !== null) return fault(WHAT, refused, waiting);
      return fine(WHAT, `${where}: files can be stored, read, listed and deleted.`);
    }
  }
}
