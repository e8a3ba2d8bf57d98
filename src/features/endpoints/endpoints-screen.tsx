'use client';

import { Endpoints } from './endpoints.tsx';
import { Platform } from './platform.tsx';

export function EndpointsScreen() {
  return (
    <>
      <h1 className="text-20 font-semibold">Endpoints</h1>
      <Endpoints />
      <Platform />
    </>
  );
}
