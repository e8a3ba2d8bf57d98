import { EndpointsScreen } from '#src/features/endpoints/endpoints-screen.tsx';

export default function EndpointsPage() {
  return <EndpointsScreen />;
}
