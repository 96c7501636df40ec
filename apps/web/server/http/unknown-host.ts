import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Locale, matchLocale } from '../../i18n/locales.ts';
import en from '../../messages/en/address.json' with { type: 'json' };
import zh from '../../messages/zh-CN/address.json' with { type: 'json' };

const TEXTS: Record<Locale, typeof en> = { en, 'zh-CN': zh };

const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/**
 * The page shown for an unknown host (DNS rebinding, or a proxy without PUBLIC_URL), with the setting to change. The
 * host has been checked (requestFault) and contains nothing special in HTML.
 */
export const answerUnknownHost = (req: IncomingMessage, res: ServerResponse): void => {
  const { host = '', 'x-forwarded-proto': proto, 'accept-language': language } = req.headers;
  const locale = matchLocale(language ?? null);
  const { title, text, setting } = TEXTS[locale];
  const origin = `${proto === 'https' ? 'https' : 'http'}://${host.toLowerCase()}`;
  res.setHeader('Content-Security-Policy', POLICY);
  res.writeHead(421, { 'Content-Type': 'text/html; charset=utf-8' }).end(`<!doctype html>
<html lang="${locale}"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
main { max-width: 34rem; margin: 18vh auto 0; padding: 0 1.5rem }
h1 { font-size: 1.25rem }
code { display: block; padding: .75rem 1rem; border: 1px solid #8886; border-radius: .5rem; overflow-wrap: anywhere }
</style>
<main><h1>${title}</h1><p>${text.replace('{host}', `<b>${host}</b>`)}</p><p>${setting}</p><code>PUBLIC_URL=${origin}</code></main>
`);
};
