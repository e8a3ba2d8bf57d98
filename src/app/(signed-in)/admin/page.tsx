import { AdminScreen } from '#src/features/admin/admin-screen.tsx';

export default function AdminPage() {
  return <AdminScreen />;
}
