import { InputsScreen } from '#src/features/inputs/inputs-screen.tsx';

export default function InputsPage() {
  return <InputsScreen />;
}
