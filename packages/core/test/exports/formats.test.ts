import { type ExportLine, escapeHtml, FORMATS } from '@lockstep/core/exports';
import { describe, expect, test } from 'vitest';

const line: ExportLine = {
  conversationId: '00000000-0000-4000-8000-000000000001',
  conversation: 'Trip',
  seq: 7,
  senderId: '00000000-0000-4000-8000-000000000002',
  sender: 'Ann',
  sentAt: '2026-01-02T03:04:05.006Z',
  editedAt: null,
  recalledAt: null,
  text: 'Hello',
  earlier: [],
};
const formatOf = (name: string) => {
  const format = FORMATS.find((one) => one.name === name);
  if (!format) throw new Error(`no format ${name}`);
  return format;
};

describe('CSV', () => {
  const csv = formatOf('messages.csv');
  const cells = (change: Partial<ExportLine>) => csv.line({ ...line, ...change });

  test('a message is a record, the head names its columns, with a byte order mark', () => {
    expect(csv.head('any')).toBe(
      '\ufeffconversation,seq,sender,sent_at,edited_at,recalled_at,text,earlier_texts,conversation_id,sender_id\n',
    );
    expect(cells({ editedAt: '2026-01-02T03:04:06.000Z', recalledAt: '2026-01-02T03:04:07.000Z' })).toBe(
      `Trip,7,Ann,2026-01-02T03:04:05.006Z,2026-01-02T03:04:06.000Z,2026-01-02T03:04:07.000Z,Hello,,${line.conversationId},${line.senderId}\n`,
    );
    const earlier = [
      { version: 1, at: '2026-01-01T00:00:00.000Z', text: 'Helo' },
      { version: 2, at: '2026-01-01T00:00:01.000Z', text: '=1' },
    ];
    expect(cells({ earlier })).toContain(
      ',Hello,"[2026-01-01T00:00:00.000Z] Helo\n[2026-01-01T00:00:01.000Z] =1",',
    );
    expect(csv.foot).toBe('');
  });

  /** https://owasp.org/www-community/attacks/CSV_Injection: these begin a formula, full-width ones in some languages. */
  const STARTS = ['=', '+', '-', '@', '|', '%', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
  const SPACES = ['', ' ', '  ', '\u00a0', '\u3000', ' \t', '\n', '\r\n', '\ufeff', '\u200b', '\u202e '];

  test('no cell begins as a formula does, not after spaces either, whoever wrote it', () => {
    for (const start of STARTS)
      for (const space of SPACES) {
        const text = `${space}${start}1+1`;
        const what = JSON.stringify(text);
        expect(cells({ text }), what).toMatch(/,"?'/);
        expect(cells({ text }).replaceAll('"', ''), what).toContain(`,'${text},`);
        expect(cells({ sender: text }).replaceAll('"', ''), what).toContain(`,'${text},`);
        expect(cells({ conversation: text }).replaceAll('"', ''), what).toMatch(/^'/);
      }
  });

  test('no two texts are the same cell: an apostrophe before a sign has one more', () => {
    const texts = STARTS.flatMap((start) =>
      ['', "'", "''", "' ", " '", "\u200b'"].map((before) => `${before}${start}1`),
    );
    expect(new Set(texts.map((text) => cells({ text }))).size).toBe(texts.length);
    expect(cells({ text: "'=1" })).toContain(",''=1,");
  });

  test('what is no formula stands as it is: signs inside, numbers, nothing', () => {
    for (const text of ['1+1', 'a = b', 'me@example.org', '5 %', "'quoted", '', ' indented'])
      expect(cells({ text }), text).toContain(`Z,,,${text},`);
    expect(cells({ seq: -7 })).toContain('Trip,-7,');
  });

  test('a cell with a sign that parts cells or lines is quoted', () => {
    for (const sign of [',', '"', '\n', '\r', ';', '\t'])
      expect(cells({ text: `a${sign}b` })).toContain(`,"a${sign === '"' ? '""' : sign}b",`);
    expect(cells({ text: '"' })).toContain(',"""",');
  });
});

describe('HTML', () => {
  const html = formatOf('messages.html');
  const hostile = `<script>&"'</script>`;
  const escaped = '&lt;script&gt;&amp;&quot;&#39;&lt;/script&gt;';

  test('nothing that people wrote is markup, wherever it stands', () => {
    expect(escapeHtml(hostile)).toBe(escaped);
    expect(html.head(hostile)).toContain(`<title>${escaped}</title>`);
    expect(html.head(hostile)).toContain(`<h1>${escaped}</h1>`);
    const article = html.line({
      ...line,
      conversation: hostile,
      sender: hostile,
      text: hostile,
      earlier: [{ version: 1, at: 'at', text: hostile }],
    });
    expect(article.split(escaped)).toHaveLength(5);
    expect(article).not.toContain('<script>');
    // No script runs and nothing is fetched, should one get in all the same.
    expect(html.head('')).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  });

  test('a message is one line, with what became of it', () => {
    expect(html.line(line)).toBe(
      '<article><header><b>Ann</b> in Trip · #7 · <time>2026-01-02T03:04:05.006Z</time></header><div dir="auto">Hello</div></article>\n',
    );
    const text = 'one\ntwo\r\nthree\rfour';
    const changed = html.line({ ...line, text, editedAt: 'then', recalledAt: 'later' });
    expect(changed).toContain('</time> · edited · <span class="r">recalled later</span></header>');
    expect(changed).toContain('<div dir="auto">one<br>two<br>three<br>four</div>');
    expect(changed.trimEnd()).not.toMatch(/[\r\n]/);
    expect(html.line({ ...line, earlier: [{ version: 1, at: 'then', text: 'Helo' }] })).toContain(
      '<div class="e" dir="auto">then<br>Helo</div></article>',
    );
    expect(html.foot).toBe('</body></html>\n');
  });
});

test('NDJSON is the line itself', () => {
  const { head, line: write, foot } = formatOf('messages.ndjson');
  expect(head('any') + foot).toBe('');
  expect(write(line)).toBe(`${JSON.stringify(line)}\n`);
});
