import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DockerfileParser } from 'dockerfile-ast';
import { describe, expect, test } from 'vitest';

const FILES = ['Dockerfile', 'front-end/Dockerfile'];

describe.each(FILES)('%s', (file) => {
  const dockerfile = DockerfileParser.parse(readFileSync(join(import.meta.dirname, file), 'utf8'));
  const instructions = dockerfile.getInstructions();
  const of = (keyword: string) => instructions.filter((one) => one.getKeyword() === keyword);
  const last = (keyword: string) => of(keyword).at(-1)?.getArgumentsContent() ?? '';

  test('stands on an exact version', () => {
    for (const from of dockerfile.getFROMs()) expect(from.getImage()).toMatch(/:\d+\.\d+\.\d+-/);
  });

  test('runs as somebody without rights, from its last stage on', () => {
    expect(last('USER')).toMatch(/^(node|comfyui)$/);
    const lines = instructions.map((one) => one.getKeyword());
    expect(lines.lastIndexOf('USER')).toBeGreaterThan(lines.lastIndexOf('FROM'));
    expect(lines.lastIndexOf('RUN')).toBeLessThan(lines.lastIndexOf('USER'));
  });

  test('says whether it is well, and takes signals itself', () => {
    expect(of('HEALTHCHECK')).toHaveLength(1);
    expect(last('CMD')).toMatch(/^\[/);
  });

  test('fetches nothing with ADD, and leaves no lists of packages behind', () => {
    expect(of('ADD')).toEqual([]);
    for (const run of of('RUN')) {
      const text = run.getArgumentsContent() ?? '';
      if (text.includes('apt-get install')) {
        expect(text).toContain('--no-install-recommends');
        expect(text).toContain('rm -rf /var/lib/apt/lists/*');
      }
    }
  });

  test('has no secret in it', () => {
    for (const one of [...of('ENV'), ...of('ARG')])
      expect(one.getArgumentsContent() ?? '').not.toMatch(/pass|secret|token|key/i);
  });
});
