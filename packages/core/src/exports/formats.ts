/** One message of an export, as written to `messages.ndjson`. Times are ISO 8601, UTC. */
export interface ExportLine {
  conversationId: string;
  conversation: string;
  seq: number;
  senderId: string;
  sender: string;
  sentAt: string;
  editedAt: string | null;
  recalledAt: string | null;
  /** The newest text; of a recalled message, the last. A mention is written `@Ann Lee (user id)`, with the name of that time. */
  text: string;
  /** Texts before that, oldest first. */
  earlier: { version: number; at: string; text: string }[];
}

/** A format that consists of lines: a start, lines for each message, an end. */
export interface Format {
  name: string;
  head(title: string): string;
  line(line: ExportLine): string;
  foot: string;
}

/**
 * Characters that begin a formula in some spreadsheet, also after spaces and invisible characters (OWASP, "CSV
 * injection"), and after apostrophes, so that different texts never become the same cell: `=1` becomes `'=1`, and
 * `'=1` becomes `''=1`.
 */
const FORMULA = /^[\s\p{Cf}']*[=+\-@|%\t\r\n＝＋－＠]/u;

/** Prefixes an apostrophe to text that a spreadsheet would read as a formula. */
const cell = (value: string | number | null): string => {
  const text = value === null ? '' : String(value);
  const safe = typeof value === 'string' && FORMULA.test(text) ? `'${text}` : text;
  return /[",\n\r;\t]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
};

const COLUMNS = [
  'conversation',
  'seq',
  'sender',
  'sent_at',
  'edited_at',
  'recalled_at',
  'text',
  'earlier_texts',
  'conversation_id',
  'sender_id',
];

const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (char) => escapes[char] ?? char);
/** On one line, so that a changed message is a changed line. */
const html = (text: string): string => escapeHtml(text).replace(/\r\n?|\n/g, '<br>');

const STYLE =
  // Spaces and tabs are kept as typed, so that code keeps its indentation.
  'div{white-space:pre-wrap;overflow-wrap:anywhere}body{font:15px/1.45 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#1c1e24}article{padding:.6rem 0;border-top:1px solid #e3e5ea}header{color:#666a75;font-size:13px}header b{color:#1c1e24;font-size:15px}.r{color:#a32}.e{color:#666a75;border-left:3px solid #d5d8df;padding-left:.6rem;margin:.3rem 0}@media(prefers-color-scheme:dark){body{background:#191a1f;color:#ecedf0}header b{color:#ecedf0}article{border-color:#33353d}}';

export const FORMATS: readonly Format[] = [
  {
    name: 'messages.ndjson',
    head: () => '',
    line: (line) => `${JSON.stringify(line)}\n`,
    foot: '',
  },
  {
    name: 'messages.csv',
    // With a byte order mark, because spreadsheets do not recognise UTF-8 without it.
    head: () => `\ufeff${COLUMNS.join(',')}\n`,
    line: (line) =>
      `${[
        line.conversation,
        line.seq,
        line.sender,
        line.sentAt,
        line.editedAt,
        line.recalledAt,
        line.text,
        line.earlier.map(({ at, text }) => `[${at}] ${text}`).join('\n'),
        line.conversationId,
        line.senderId,
      ]
        .map(cell)
        .join(',')}\n`,
    foot: '',
  },
  {
    name: 'messages.html',
    head: (title) =>
      `<!doctype html><html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><meta name="viewport" content="width=device-width"><title>${html(title)}</title><style>${STYLE}</style></head><body><h1>${html(title)}</h1>\n`,
    line: (line) => {
      const marks = `${line.editedAt ? ' · edited' : ''}${line.recalledAt ? ` · <span class="r">recalled ${html(line.recalledAt)}</span>` : ''}`;
      const earlier = line.earlier
        .map(({ at, text }) => `<div class="e" dir="auto">${html(at)}<br>${html(text)}</div>`)
        .join('');
      return `<article><header><b>${html(line.sender)}</b> in ${html(line.conversation)} · #${line.seq} · <time>${html(line.sentAt)}</time>${marks}</header><div dir="auto">${html(line.text)}</div>${earlier}</article>\n`;
    },
    foot: '</body></html>\n',
  },
];
