'use client';

import { Endpoints } from './endpoints.tsx';

export function EndpointsScreen() {
  return (
    <>
      <h1 className="text-20 font-semibold">Endpoints</h1>
      <Endpoints />
    </>
  );
}
