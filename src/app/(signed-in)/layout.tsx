import type { ReactNode } from 'react';
import { Frame } from '#src/features/frame/frame.tsx';

export default function SignedInLayout({ children }: { children: ReactNode }) {
  return <Frame>{children}</Frame>;
}
