import { LoginScreen } from '#src/features/sign-in/login-screen.tsx';
import { ClientOnly } from '#src/ui/loading/client-only.tsx';

export default function LoginPage() {
  return (
    <ClientOnly>
      <LoginScreen />
    </ClientOnly>
  );
}
