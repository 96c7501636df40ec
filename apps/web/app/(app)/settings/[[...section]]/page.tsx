import { notFound } from 'next/navigation';
import { isSection } from '@/components/settings/sections.ts';

/** AppShell shows the section; this page only rejects unknown sections. */
export default async function SettingsPage({ params }: { params: Promise<{ section?: string[] }> }) {
  const { section = [] } = await params;
  if (section.length > 1 || (section[0] && !isSection(section[0]))) notFound();
  return null;
}
