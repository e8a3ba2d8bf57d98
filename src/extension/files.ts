import { isText } from '#src/domain/files/text-files.ts';
import type { Fetch } from './comfy.ts';
import type { Server, ServerResult } from './server.ts';
import { fileOf } from './shapes.ts';

/** Pictures held in the page at a time, where they have to be fetched with a token. */
const MAX_HELD = 60;
/** Texts held in the page at a time, and the longest that a node is given. */
const MAX_TEXTS = 60;
const MAX_TEXT_LENGTH = 100_000;

type File = Pick<ServerResult, 'id' | 'filename' | 'url' | 'bytes' | 'mime' | 'preview'>;

const keyOf = (filename: string, subfolder: string): string => `${subfolder}/${filename}`;

export const viewRoute = ({
  filename,
  subfolder,
  type,
}: {
  filename: string;
  subfolder: string;
  type: string;
}): string => `/view?${new URLSearchParams({ filename, subfolder, type })}`;

/**
 * Where the front end finds our results: under its own `/view` when its output folder is the participant's folder, which is found out with the first
 * result; else at our server. On another site, where the cookie does not reach, they are fetched with the token first.
 */
export function openFiles(server: Pick<Server, 'address' | 'isSameOrigin' | 'get'>, hasToken: boolean) {
  const addresses = new Map<string, string>();
  const held = new Map<string, string>();
  const texts = new Map<string, string>();
  let shared: Promise<boolean> | null = null;
  let isShared = false;
  /** Asked of ComfyUI's own server, whatever we have. */
  let probed: string | null = null;

  async function looksShared(native: Fetch, result: File): Promise<boolean> {
    probed = viewRoute(fileOf(result));
    // No answer is no file: then ours is shown.
    const response = await native(probed, { method: 'HEAD' }).catch(() => null);
    probed = null;
    isShared = response?.ok === true && Number(response.headers.get('content-length')) === result.bytes;
    return isShared;
  }

  /** One that cannot be fetched has its place left empty by the front end, which says so there; it is in the gallery all the same. */
  async function hold(key: string, result: File): Promise<void> {
    const response = await server.get(result.url).catch(() => null);
    if (!response?.ok) return;
    held.set(key, URL.createObjectURL(await response.blob()));
    const [oldest] = held;
    if (held.size > MAX_HELD && oldest) {
      URL.revokeObjectURL(oldest[1]);
      held.delete(oldest[0]);
    }
  }

  /** A text that cannot be fetched is named on its node like any other file. */
  async function readText({ id, url, bytes, mime }: File): Promise<void> {
    if (texts.has(id) || bytes > MAX_TEXT_LENGTH || !isText(mime)) return;
    const response = await server.get(url).catch(() => null);
    if (!response?.ok) return;
    texts.set(id, await response.text());
    const [oldest] = texts.keys();
    if (texts.size > MAX_TEXTS && oldest !== undefined) texts.delete(oldest);
  }

  return {
    textOf: ({ id }: { id: string }): string | undefined => texts.get(id),
    know(results: readonly File[]): void {
      for (const result of results) {
        const { filename, subfolder } = fileOf(result);
        addresses.set(keyOf(filename, subfolder), `${server.address}${result.url}`);
      }
    },
    /** Resolves when these can be shown. */
    async ready(native: Fetch, results: readonly File[]): Promise<void> {
      const [first] = results;
      if (!first) return;
      await Promise.all(results.map(readText));
      shared ??= looksShared(native, first);
      if ((await shared) || server.isSameOrigin || !hasToken) return;
      await Promise.all(
        results.map(async (result) => {
          const { filename, subfolder } = fileOf(result);
          const key = keyOf(filename, subfolder);
          if (!held.has(key)) await hold(key, result);
        }),
      );
    },
    /**
     * The address of one of our results; null for everything else. Front ends append to it (`&t=…`) and read the file's name out of its query, so it
     * keeps what was asked.
     */
    addressOf(route: string): string | null {
      if (isShared || route === probed || !route.startsWith('/view?')) return null;
      const asked = new URLSearchParams(route.slice('/view?'.length));
      if ((asked.get('type') ?? 'output') !== 'output') return null;
      const key = keyOf(asked.get('filename') ?? '', asked.get('subfolder') ?? '');
      const picture = held.get(key);
      // Whatever follows # is not part of what a blob's address names.
      if (picture !== undefined) return `${picture}#`;
      const address = addresses.get(key);
      return address === undefined ? null : `${address}?${asked}`;
    },
  };
}
export type Files = ReturnType<typeof openFiles>;
