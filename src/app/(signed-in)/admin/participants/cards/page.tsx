import { CardsScreen } from '#src/features/participants/cards-screen.tsx';

export default function CardsPage() {
  return <CardsScreen />;
}
