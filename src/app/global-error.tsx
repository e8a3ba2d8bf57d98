'use client';

import { BrokenScreen } from '#src/features/frame/error-screen.tsx';
import './globals.css';

export default function GlobalErrorPage() {
  return (
    <html lang="en">
      <body>
        <BrokenScreen onRetry={() => window.location.reload()} />
      </body>
    </html>
  );
}
