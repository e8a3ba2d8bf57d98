import { expect, test } from 'vitest';
import { openStatements } from './sqlite-statements.ts';

function withTable() {
  const statements = openStatements(':memory:');
  statements.script('CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT); INSERT INTO t VALUES (1, NULL)');
  const run = (sql: string, ...args: (string | number | bigint | boolean | Uint8Array | null)[]) =>
    statements.execute({ sql, args });
  const rows = (sql: string) => run(sql).rows.map((row) => Array.from(row));
  return { run, rows };
}

test('a statement that is kept sees columns that came later', () => {
  const { run, rows } = withTable();
  expect(run('SELECT * FROM t').columns).toEqual(['a', 'b']);
  run("ALTER TABLE t ADD COLUMN c TEXT DEFAULT 'new'");
  expect(run('SELECT * FROM t')).toMatchObject({ columns: ['a', 'b', 'c'], columnTypes: ['INTEGER', 'TEXT', 'TEXT'] });
  expect(rows('SELECT * FROM t')).toEqual([[1, null, 'new']]);
});

test('one that failed can be run again', () => {
  const { run, rows } = withTable();
  const insert = (a: number) => run('INSERT INTO t VALUES (?, ?)', a, 'x');
  expect(() => insert(1)).toThrow(expect.objectContaining({ rawCode: 1555, code: 'SQLITE_CONSTRAINT_PRIMARYKEY' }));
  expect(insert(2).rowsAffected).toBe(1);
  expect(rows('SELECT a FROM t ORDER BY a')).toEqual([[1], [2]]);
});

test('values come back as they went in, each time', () => {
  const { run } = withTable();
  const echo = (value: string | number | bigint | boolean | Uint8Array | null) => run('SELECT ?', value).rows[0]?.[0];
  for (const _ of [1, 2]) {
    expect(echo('é')).toBe('é');
    expect(echo(1.5)).toBe(1.5);
    expect(echo(9_007_199_254_740_991n)).toBe(9_007_199_254_740_991);
    expect(echo(true)).toBe(1);
    expect(echo(null)).toBeNull();
    expect(echo(new Uint8Array([1, 2]))).toEqual(new Uint8Array([1, 2]).buffer);
  }
  expect(() => echo(2n ** 60n)).toThrow('too large');
});
