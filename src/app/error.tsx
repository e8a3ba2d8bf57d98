'use client';

import { ErrorScreen } from '#src/features/frame/error-screen.tsx';

export default function ErrorPage() {
  return <ErrorScreen onRetry={() => window.location.reload()} />;
}
