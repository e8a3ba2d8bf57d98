import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC } from '../../api-client/trpc.ts';
import { sendInput } from '../../uploads/send-input.ts';

type Adding =
  | { readonly type: 'ready' }
  | { readonly type: 'adding'; readonly name: string }
  | { readonly type: 'refused'; readonly why: string };

/** Adds files to one's uploads. */
export function useAddInput() {
  const [state, setState] = useState<Adding>({ type: 'ready' });
  const queryClient = useQueryClient();
  const trpc = useTRPC();
  /** `onAdded` gets its name there. */
  const add = async (file: File, onAdded: (name: string) => void): Promise<void> => {
    setState({ type: 'adding', name: file.name });
    try {
      onAdded(await sendInput(file, file.name));
      setState({ type: 'ready' });
      void queryClient.invalidateQueries(trpc.inputs.pathFilter());
    } catch (error) {
      setState({ type: 'refused', why: error instanceof Error ? error.message : String(error) });
    }
  };
  return { state, add };
}
