'use client';

import { ErrorScreen } from '#src/features/frame/error-screen.tsx';
import './globals.css';

export default function GlobalErrorPage() {
  return (
    <html lang="en">
      <body>
        <ErrorScreen onRetry={() => window.location.reload()} />
      </body>
    </html>
  );
}
