'use client';

export function EventsScreen() {
  return (
    <>
      <h1 className="text-20 font-semibold">Events</h1>
    </>
  );
}
