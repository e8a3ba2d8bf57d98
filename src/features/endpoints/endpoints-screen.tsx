'use client';

import { EditorCache } from './editor.tsx';
import { Endpoints } from './endpoints.tsx';
import { GpuUse } from './gpu-use.tsx';
import { Platform } from './platform.tsx';

export function EndpointsScreen() {
  return (
    <>
      <h1 className="text-20 font-semibold">Endpoints</h1>
      <Endpoints />
      <EditorCache />
      <GpuUse />
      <Platform />
    </>
  );
}
