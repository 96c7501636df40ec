import { z } from 'zod';
import { bounded } from './bounded.ts';
import { LIMITS } from './limits.ts';

const LOCAL = /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
/** Characters that would end the host part, or be decoded in it. */
const NO_HOST = /[\s@/:?#\\[\]%]/;

/** The domain as it is looked up: in lower case, names of other scripts as punycode (RFC 5891). Null where it is none. */
const domainOf = (text: string): string | null => {
  if (text === '' || NO_HOST.test(text) || !URL.canParse(`http://${text}`)) return null;
  const { hostname } = new URL(`http://${text}`);
  const labels = hostname.split('.');
  // A number would be read as an IP address.
  const isName =
    labels.every((label) => LABEL.test(label)) && !/^(?:\d+|0x[\da-f]*)$/.test(labels.at(-1) ?? '');
  return isName ? hostname : null;
};

const normal = (text: string): string | null => {
  const value = text.trim();
  const at = value.lastIndexOf('@');
  const local = value.slice(0, at).toLowerCase();
  const domain = domainOf(value.slice(at + 1));
  return at > 0 && local.length <= 64 && LOCAL.test(local) && domain ? `${local}@${domain}` : null;
};

/**
 * An e-mail address, in the one form under which its account is kept: `Ann@Müller.example` is `ann@xn--mller-kva.example`.
 * Also without a dot in its domain, as in `ann@intranet`: whether that may sign up is a setting of the server.
 */
export const email = bounded(z.string().max(LIMITS.email)).transform((text, ctx) => {
  const value = normal(text);
  if (value !== null && value.length <= LIMITS.email) return value;
  ctx.addIssue({ code: 'custom', message: 'is no e-mail address' });
  return z.NEVER;
});

/** Whether the domain is a plain name of a local network. */
export const isLocalEmail = (address: string): boolean =>
  !address.slice(address.lastIndexOf('@')).includes('.');
