import type { Metadata, Viewport } from 'next';
import { headers } from 'next/headers';
import type { ReactNode } from 'react';
import { ApiProvider } from '#src/features/api-client/api-provider.tsx';
import { themeScript } from '#src/ui/theme/theme.ts';
import './globals.css';

export const metadata: Metadata = { title: 'comfyume', description: 'A class on ComfyUI, with GPUs for everyone.' };

/** What the browser paints before the style sheet is there. */
export const viewport: Viewport = { colorScheme: 'dark light' };

/** Every page is made when it is asked for: the nonce of its scripts is good once (src/server/http/page-policy.ts). */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const nonce = (await headers()).get('x-nonce') ?? undefined;
  return (
    // The script below is faster than React, and leaves its mark on this element.
    <html lang="en" suppressHydrationWarning>
      <head>
        {/* Browsers hide a nonce from scripts, React among them. */}
        <script nonce={nonce} suppressHydrationWarning>
          {themeScript}
        </script>
      </head>
      <body>
        <ApiProvider>{children}</ApiProvider>
      </body>
    </html>
  );
}
