type Column = { type: string; nullable: boolean; default: string | null; key: boolean };
type ForeignKey = { from: string; table: string; to: string; onDelete: string };
export type Table = { columns: Record<string, Column>; unique: string[]; indexes: string[]; foreignKeys: ForeignKey[] };

const SQL_TYPES: Record<string, string> = {
  String: 'TEXT',
  Int: 'INTEGER',
  BigInt: 'BIGINT',
  Float: 'REAL',
  Boolean: 'BOOLEAN',
  DateTime: 'DATETIME',
  Bytes: 'BLOB',
};
const ON_DELETE: Record<string, string> = { Cascade: 'CASCADE', Restrict: 'RESTRICT', SetNull: 'SET NULL' };

const names = (list: string): string[] => list.split(',').map((name) => name.trim());
export const sorted = (table: Table): Table => ({
  ...table,
  unique: table.unique.sort(),
  indexes: table.indexes.sort(),
  foreignKeys: table.foreignKeys.sort((a, b) => (a.from < b.from ? -1 : 1)),
});

/** What the schema's text asks for. Refuses whatever it does not understand, so that nothing is passed over. */
export function fromSchema(text: string): Record<string, Table> {
  const tables: Record<string, Table> = {};
  for (const [, model = '', body = ''] of text.matchAll(/^model (\w+) \{\n([\s\S]*?)^\}/gm)) {
    const table: Table = { columns: {}, unique: [], indexes: [], foreignKeys: [] };
    for (const line of body.split('\n').map((raw) => raw.trim())) {
      if (line === '' || line.startsWith('//')) continue;
      const block = /^@@(unique|index)\(\[([\w, ]+)\](?:, map: "\w+")?\)$/.exec(line);
      if (block) {
        (block[1] === 'unique' ? table.unique : table.indexes).push(names(block[2] ?? '').join(','));
        continue;
      }
      const field = /^(\w+)\s+(\w+)(\?|\[\])?\s*(.*)$/.exec(line);
      if (!field) throw new Error(`not understood: ${line}`);
      const [, name = '', type = '', mark = '', attributes = ''] = field;
      const sqlType = SQL_TYPES[type];
      if (sqlType === undefined) {
        const relation = /^@relation\((?:"\w+", )?fields: \[(\w+)\], references: \[(\w+)\], onDelete: (\w+)\)$/.exec(
          attributes,
        );
        if (relation)
          table.foreignKeys.push({
            from: relation[1] ?? '',
            table: type,
            to: relation[2] ?? '',
            onDelete: ON_DELETE[relation[3] ?? ''] ?? '',
          });
        else if (!/^(@relation\("\w+"\))?$/.test(attributes)) throw new Error(`not understood: ${line}`);
        continue;
      }
      const rest = attributes.replace(/@id|@unique|@default\((?:[^()]|\(\))*\)/g, '').trim();
      if (rest !== '') throw new Error(`not understood: ${line}`);
      const value = /@default\(((?:[^()]|\(\))*)\)/.exec(attributes)?.[1] ?? null;
      table.columns[name] = {
        type: sqlType,
        nullable: mark === '?',
        default:
          value === null || /^(autoincrement|dbgenerated)\(\)$/.test(value) ? null : value.replace(/^"(.*)"$/, "'$1'"),
        key: attributes.includes('@id'),
      };
      if (attributes.includes('@unique')) table.unique.push(name);
    }
    tables[model] = sorted(table);
  }
  return tables;
}
