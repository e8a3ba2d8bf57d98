import { type Finding, fault, fine, seconds, warn } from './finding.ts';

export type DatabaseFacts =
  | {
      readonly type: 'answers';
      /** Of PostgreSQL: 17. */
      readonly version: number;
      readonly encoding: string;
      /** How many it lets in. */
      readonly connections: number;
      /** To the smallest question. */
      readonly answerMs: number;
      /** Its clock before ours. */
      readonly aheadMs: number;
    }
  | { readonly type: 'silent'; readonly why: string };

/** The oldest that its makers still maintain. */
const OLDEST = 14;
/** A pool of ours, a lock, and somebody who looks after it. */
const FEWEST_CONNECTIONS = 20;
/** A job asks some thirty questions, one after the other. */
const SLOW_MS = 5;
const MOST_APART_MS = 2000;

const WHAT = 'Database';

/** What is to be said of a database of PostgreSQL. */
export function databaseReport(facts: DatabaseFacts): Finding {
  if (facts.type === 'silent')
    return fault(
      WHAT,
      `PostgreSQL did not let us in (${facts.why}).`,
      'Check DATABASE_URL, and that the server runs and can be reached from here.',
    );
  const { version, encoding, connections, answerMs, aheadMs } = facts;
  if (encoding !== 'UTF8')
    return fault(
      WHAT,
      `PostgreSQL keeps texts as ${encoding}, which has no letters for many names.`,
      'Make the database anew: CREATE DATABASE … ENCODING UTF8 TEMPLATE template0.',
    );
  if (version < OLDEST)
    return warn(WHAT, `PostgreSQL ${version} is no longer maintained.`, `Install PostgreSQL ${OLDEST} or newer.`);
  if (connections < FEWEST_CONNECTIONS)
    return warn(
      WHAT,
      `PostgreSQL takes ${connections} connections; comfyume alone may need 12.`,
      `Set max_connections to ${FEWEST_CONNECTIONS} or more.`,
    );
  if (Math.abs(aheadMs) > MOST_APART_MS)
    return warn(
      WHAT,
      `The clock of PostgreSQL is ${seconds(Math.abs(aheadMs))} ${aheadMs > 0 ? 'ahead of' : 'behind'} ours.`,
      'Let both servers take their time from the network (NTP).',
    );
  if (answerMs > SLOW_MS)
    return warn(
      WHAT,
      `PostgreSQL ${version} answers after ${Math.round(answerMs)} ms: a job asks it some thirty times.`,
      'Run it in the same data centre as comfyume.',
    );
  return fine(WHAT, `PostgreSQL ${version} answers after ${answerMs.toFixed(1)} ms.`);
}
