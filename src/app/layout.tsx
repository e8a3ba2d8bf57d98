import type { Metadata, Viewport } from 'next';
import type { ReactNode } from 'react';
import { ServerProvider } from '#src/features/server/server-provider.tsx';
import { themeScript } from '#src/ui/theme.ts';
import './globals.css';

export const metadata: Metadata = { title: 'comfyume', description: 'A class on ComfyUI, with GPUs for everyone.' };

/** What the browser paints before the style sheet is there. */
export const viewport: Viewport = { colorScheme: 'dark light' };

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    // The script below is faster than React, and leaves its mark on this element.
    <html lang="en" suppressHydrationWarning>
      <head>
        <script>{themeScript}</script>
      </head>
      <body>
        <ServerProvider>{children}</ServerProvider>
      </body>
    </html>
  );
}
