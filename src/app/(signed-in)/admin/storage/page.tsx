import { StorageScreen } from '#src/features/storage/storage-screen.tsx';

export default function StoragePage() {
  return <StorageScreen />;
}
