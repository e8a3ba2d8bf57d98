import { LoginScreen } from '#src/features/session/login-screen.tsx';
import { ClientOnly } from '#src/ui/client-only.tsx';

export default function LoginPage() {
  return (
    <ClientOnly>
      <LoginScreen />
    </ClientOnly>
  );
}
