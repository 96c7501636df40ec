import { NotFoundNotice } from '@/components/ui/not-found-notice.tsx';

export default function NotFoundPage() {
  return (
    <main className="flex min-h-dvh flex-col bg-surface">
      <NotFoundNotice />
    </main>
  );
}
