import { notFound } from 'next/navigation';
import { AuditView } from '@/components/admin/audit-view.tsx';
import { ExportsView } from '@/components/admin/exports-view.tsx';
import { HistoryView } from '@/components/admin/history-view.tsx';
import { PeopleView } from '@/components/admin/people-view.tsx';
import { requireMe } from '@/server/pages.ts';

const PeoplePage = async () => <PeopleView meId={(await requireMe('/admin/people')).id} />;

const VIEWS = { people: PeoplePage, history: HistoryView, audit: AuditView, exports: ExportsView };

export default async function AdminPage({ params }: { params: Promise<{ section?: string[] }> }) {
  const { section = ['history'] } = await params;
  const View = section.length === 1 ? VIEWS[section[0] as keyof typeof VIEWS] : undefined;
  if (!View) notFound();
  return <View />;
}
