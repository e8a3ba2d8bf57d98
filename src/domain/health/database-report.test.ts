import { expect, test } from 'vitest';
import { type DatabaseFacts, databaseReport } from './database-report.ts';

const facts = (over: Partial<Extract<DatabaseFacts, { type: 'answers' }>> = {}): DatabaseFacts => ({
  type: 'answers',
  version: 17,
  encoding: 'UTF8',
  connections: 100,
  answerMs: 0.42,
  aheadMs: 3,
  ...over,
});

test.each<[DatabaseFacts, 'ok' | 'warn' | 'fault', RegExp]>([
  [facts(), 'ok', /^PostgreSQL 17 answers after 0\.4 ms\.$/],
  [{ type: 'silent', why: 'password authentication failed' }, 'fault', /did not let us in \(password authentication/],
  [facts({ encoding: 'SQL_ASCII' }), 'fault', /as SQL_ASCII/],
  [facts({ version: 13 }), 'warn', /13 is no longer maintained/],
  [facts({ connections: 10 }), 'warn', /takes 10 connections/],
  [facts({ aheadMs: -65_000 }), 'warn', /65 s behind ours/],
  [facts({ aheadMs: 3000 }), 'warn', /3 s ahead of ours/],
  [facts({ answerMs: 31.4 }), 'warn', /after 31 ms/],
])('%o: %s', (given, level, sentence) => {
  expect(databaseReport(given)).toMatchObject({ level, what: 'Database', sentence: expect.stringMatching(sentence) });
});
