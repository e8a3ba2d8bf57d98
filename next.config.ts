import type { NextConfig } from 'next';

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  images: { unoptimized: true },
  // TypeScript 7 has no API that Next could call; `npm run check` type-checks the whole tree.
  typescript: { ignoreBuildErrors: true },
};

export default config;
