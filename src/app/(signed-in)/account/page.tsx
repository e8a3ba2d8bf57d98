import { AccountScreen } from '#src/features/account/account-screen.tsx';

export default function AccountPage() {
  return <AccountScreen />;
}
