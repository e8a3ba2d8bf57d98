import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC } from '../api-client/trpc.ts';
import { sendInput } from '../uploads/send-input.ts';

/** A file that is on its way, or was refused. */
export type Uploading = { readonly key: number; readonly name: string; readonly why: string | null };

let made = 0;

/** Files on their way to one's uploads, one after another. */
export function useUploading() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [uploading, setUploading] = useState<readonly Uploading[]>([]);

  const drop = (key: number): void => setUploading((all) => all.filter((one) => one.key !== key));

  /** `replaces`: the upload whose place and name it takes. */
  async function add(files: readonly File[], replaces?: string): Promise<void> {
    const arriving = files.map((file) => {
      made += 1;
      return { key: made, file };
    });
    setUploading((all) => [...all, ...arriving.map(({ key, file: { name } }) => ({ key, name, why: null }))]);
    for (const { key, file } of arriving) {
      try {
        await sendInput(file, file.name, replaces);
        drop(key);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        setUploading((all) => all.map((one) => (one.key === key ? { ...one, why } : one)));
      }
      await queryClient.invalidateQueries(trpc.inputs.pathFilter());
    }
  }

  return { uploading, add, drop };
}
