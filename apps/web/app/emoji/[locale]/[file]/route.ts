/**
 * Emoji names for the picker (frimousse, emojibaseUrl="/emoji"), from our own server instead of a CDN.
 * Built once; the ETag lets the picker keep its copy.
 */
export const dynamic = 'force-static';
export const dynamicParams = false;

const FILES: Record<string, () => Promise<{ default: unknown }>> = {
  'en/data.json': () => import('emojibase-data/en/data.json'),
  'en/messages.json': () => import('emojibase-data/en/messages.json'),
  'zh/data.json': () => import('emojibase-data/zh/data.json'),
  'zh/messages.json': () => import('emojibase-data/zh/messages.json'),
};

interface Params {
  locale: string;
  file: string;
}

export const generateStaticParams = (): Params[] =>
  Object.keys(FILES).map((name) => {
    const [locale = '', file = ''] = name.split('/');
    return { locale, file };
  });

export async function GET(_request: Request, { params }: { params: Promise<Params> }): Promise<Response> {
  const { locale, file } = await params;
  const load = FILES[`${locale}/${file}`];
  if (!load) return new Response(null, { status: 404 });
  return Response.json((await load()).default, {
    headers: { 'cache-control': 'public, max-age=86400', etag: '"emojibase-17.0.0"' },
  });
}
