import { notFound } from 'next/navigation';
import { z } from 'zod';

const params = z.object({ conversationId: z.uuid(), seq: z.string().regex(/^[1-9]\d{0,9}$/) });

/** The permalink of a message. AppShell shows it; this page only rejects invalid addresses. */
export default async function MessagePage(props: { params: Promise<unknown> }) {
  if (!params.safeParse(await props.params).success) notFound();
  return null;
}
