import path from 'node:path';

/** `name [output]` and the like choose another folder than the input directory. */
export function annotatedPath(name: string, folders: { inputs: string; outputs: string; temp: string }): string {
  const match = /^(.*) \[(input|output|temp)\]$/s.exec(name);
  const bare = match?.[1] ?? name;
  switch (match?.[2]) {
    case 'output':
      return path.join(folders.outputs, bare);
    case 'temp':
      return path.join(folders.temp, bare);
    default:
      return path.join(folders.inputs, bare);
  }
}
