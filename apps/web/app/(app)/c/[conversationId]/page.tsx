import { notFound } from 'next/navigation';
import { z } from 'zod';

/** AppShell shows the conversation; this page only rejects invalid addresses. */
export default async function ConversationPage({ params }: { params: Promise<{ conversationId: string }> }) {
  if (!z.uuid().safeParse((await params).conversationId).success) notFound();
  return null;
}
