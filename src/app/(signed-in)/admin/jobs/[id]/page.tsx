import { JobScreen } from '#src/features/queue/job-screen.tsx';

export default async function JobPage({ params }: { params: Promise<{ id: string }> }) {
  return <JobScreen id={(await params).id} />;
}
