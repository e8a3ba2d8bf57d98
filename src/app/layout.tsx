import type { Metadata, Viewport } from 'next';
import type { ReactNode } from 'react';
import { ServerProvider } from '#src/features/server/server-provider.tsx';
import './globals.css';

export const metadata: Metadata = { title: 'comfyume', description: 'A class on ComfyUI, with GPUs for everybody.' };

export const viewport: Viewport = {
  colorScheme: 'light dark',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f6f6f6' },
    { media: '(prefers-color-scheme: dark)', color: '#0f0f0f' },
  ],
};

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <ServerProvider>{children}</ServerProvider>
      </body>
    </html>
  );
}
