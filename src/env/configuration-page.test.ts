import { expect, test } from 'vitest';
import { variables } from './variables.ts';

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** What a variable is when it is not set, where that is no other variable's. */
function fallback(value: unknown): string {
  if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) return '';
  return `\`${String(value)}\``;
}

test('docs/configuration.md says what the schema says (npx vitest run src/env -u writes it)', async () => {
  const rows = [
    ['variable', 'default', ''],
    ...Object.entries(variables.shape).map(([name, schema]) => [
      `\`${name}\``,
      fallback(schema.safeParse(undefined).data),
      cell(schema.description ?? ''),
    ]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[], fill = ' ') =>
    `| ${widths.map((width, column) => (row[column] ?? '').padEnd(width, fill)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  const page = `# Configuration

comfyume is configured by environment variables. An empty one counts as not set. All faults in them are reported together at startup, in words; \`npm run doctor\` checks what they lead to.
This page is generated from \`src/env/variables.ts\`.

${[line(head), line([], '-'), ...body.map((row) => line(row))].join('\n')}

Everything else is set on the page Admin, Settings.
`;
  await expect(page).toMatchFileSnapshot('../../docs/configuration.md');
});

test('every variable is explained', () => {
  for (const [name, schema] of Object.entries(variables.shape))
    expect(schema.description, name).toMatch(/^[A-Z`].*\.$/);
});
