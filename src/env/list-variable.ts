import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

/** JSON, or the path of a file with it: a list of things that each have a name of their own. */
export const listOf = <Item extends { name: string }>(item: z.ZodType<Item>, what: string) =>
  z
    .string()
    .trim()
    .min(1, 'should not be empty')
    .transform((value, context): Item[] => {
      const refuse = (message: string) => {
        context.addIssue({ code: 'custom', message });
        return z.NEVER;
      };
      const inline = value.startsWith('[');
      if (!inline && !existsSync(value))
        return refuse(`should be a JSON list or the path of a file with one; there is no file "${value}"`);
      let json: unknown;
      try {
        json = JSON.parse(inline ? value : readFileSync(value, 'utf8'));
      } catch (error) {
        const said = error instanceof Error ? error.message : String(error);
        return refuse(
          error instanceof SyntaxError ? `is not valid JSON: ${said}` : `cannot be read from "${value}": ${said}`,
        );
      }
      const list = z.array(item).safeParse(json);
      if (!list.success)
        return refuse(
          `is invalid: ${list.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')}`,
        );
      const names = list.data.map(({ name }) => name);
      if (new Set(names).size < names.length) return refuse(`names ${what} twice`);
      return list.data;
    });
