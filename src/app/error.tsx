'use client';

import { BrokenScreen } from '#src/features/frame/error-screen.tsx';

export default function ErrorPage() {
  return <BrokenScreen onRetry={() => window.location.reload()} />;
}
