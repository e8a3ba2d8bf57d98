import { expect, test } from 'vitest';
import { variables } from './variables.ts';

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** What a variable is when it is not set, where that is no other variable's. */
function fallback(value: unknown): string {
  if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) return '';
  return `\`${String(value)}\``;
}

test('docs/configuration.md says what the schema says (npx vitest run src/env -u writes it)', async () => {
  const rows = Object.entries(variables.shape).map(([name, schema]) => {
    const { data } = schema.safeParse(undefined);
    return `| \`${name}\` | ${fallback(data)} | ${cell(schema.description ?? '')} |`;
  });
  const page = `# Configuration

comfyume is configured by environment variables. An empty one counts as not set. All faults in them are reported together at startup, in words; \`npm run doctor\` checks what they lead to.
This page is generated from \`src/env/variables.ts\`.

| variable | default | |
| --- | --- | --- |
${rows.join('\n')}

Everything else is set on the page Admin, Settings.
`;
  await expect(page).toMatchFileSnapshot('../../docs/configuration.md');
});

test('every variable is explained', () => {
  for (const [name, schema] of Object.entries(variables.shape))
    expect(schema.description, name).toMatch(/^[A-Z`].*\.$/);
});
