'use client';

export function AnnounceScreen() {
  return (
    <>
      <h1 className="text-20 font-semibold">Announce</h1>
    </>
  );
}
