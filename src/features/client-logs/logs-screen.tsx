'use client';

export function LogsScreen() {
  return (
    <>
      <h1 className="text-20 font-semibold">Browser logs</h1>
    </>
  );
}
