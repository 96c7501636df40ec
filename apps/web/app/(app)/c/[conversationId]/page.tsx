import { notFound } from 'next/navigation';
import { z } from 'zod';

/** AppShell shows the conversation; here only an address that cannot be one is turned away. */
export default async function ConversationPage({ params }: { params: Promise<{ conversationId: string }> }) {
  if (!z.uuid().safeParse((await params).conversationId).success) notFound();
  return null;
}
