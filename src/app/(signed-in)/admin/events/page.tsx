import { EventsScreen } from '#src/features/events/events-screen.tsx';

export default function EventsPage() {
  return <EventsScreen />;
}
