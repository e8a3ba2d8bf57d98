import { Suspense } from 'react';
import { LoginScreen } from '#src/features/session/login-screen.tsx';

export default function LoginPage() {
  return (
    <Suspense>
      <LoginScreen />
    </Suspense>
  );
}
