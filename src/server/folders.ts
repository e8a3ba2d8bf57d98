import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { ConfigError } from '#src/env.ts';

/** Makes a folder that is ours, and proves that it can be written to. */
export async function ownFolder(path: string, variable: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new ConfigError(`The folder ${path} cannot be written to (${codeOf(error)}). Set ${variable} to one that can.`);
  }
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : String(error));
