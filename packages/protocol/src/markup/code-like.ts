const any = (...patterns: RegExp[]): RegExp =>
  new RegExp(patterns.map(({ source }) => `(?:${source})`).join('|'));

/** What begins a line of code, of a log, a trace, a difference or a session in a shell. Nothing in them may backtrack far. */
const BEGINS = any(
  // Programs.
  /^\s*(?:import [\w.]+(?: as \w+)?;?$|from [\w.]+ import |import [^'"]{0,80}['"]|using [\w.]+;|package [\w.]+;?$)/,
  /^\s*(?:def|fn|func|function) [\w$]+\s*[(<]|^\s*(?:const|let|var) (?:[\w$]+\s*[=:;]|[{[])/,
  /^\s*#\s?(?:include|define|ifdef|ifndef|endif|pragma)\b|^#!\/|^\s*#!?\[|^\s*<\?/,
  /^\s*@[A-Za-z_]\w*(?:\.\w+)*(?:\(|$)|^\s*\$\w+\s*(?:=|->|\[)/,
  /^\s*(?:end|fi|done|esac|else|try|finally|begin|do|then|pass|break|continue)[:{;]?\s*$/,
  /^\s*[\w.$]+(?:\[[^\]]{0,40}\])*\s*(?:[-+*/%&|^?:]|\|\||&&|\?\?)?=\s*\S|^\s*\w+: [\w[\]., |]{1,40} = /,
  /^\s*[\])}]+[;,)]*\s*$|^\s*[{[(]\s*$/,
  // Markup and data.
  /^\s*<\/?[A-Za-z][\w:.-]*(?:\s|\/?>)|^\s*<!/,
  /^\s*"[^"]{1,80}"\s*:|^\s*\[[\w. "-]+\]\s*$/,
  /^\s*(?:SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE TABLE|ALTER TABLE|FROM|WHERE|(?:LEFT |INNER )?JOIN|GROUP BY|ORDER BY|VALUES|COPY|RUN|WORKDIR|ENTRYPOINT)\s/,
  // Shells.
  /^\s*(?:\$|❯|>>>|In \[\d+\]:|Out\[\d+\]:) |^[\w.-]+@[\w.-]+:\S*[$#] /,
  /^\s*(?:sudo|apt-get|npm|npx|yarn|pnpm|pip3?|git|docker|kubectl|curl|wget|mkdir|chmod|chown|systemctl|cargo|ssh|scp) [-\w./~@]/,
  // Traces and logs.
  /^\s*at (?:async )?[\w$.<>/[\]]+ ?\(|^\s*at \S+:\d+|^\s*File "[^"]*", line \d|^Traceback \(|^Caused by:|^\s*\.{3} \d+ more/,
  /^(?:\w+\.){0,12}[A-Z]\w*(?:Error|Exception)\b|^panic:|^goroutine \d|^thread '/,
  /^\s*[^\s:]{1,120}\.(?:go|rs|cc?|cpp|py|jsx?|tsx?|java|rb|php|cs):\d+/,
  /^\s*\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d|^\[?\d\d:\d\d:\d\d[\].,\s]|^\s*\[?(?:TRACE|DEBUG|INFO|WARN|WARNING|ERROR|FATAL)\b[\]:\s]/,
  /^(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d \d\d:\d\d:\d\d /,
  // Differences.
  /^(?:diff --git |index [0-9a-f]{7}|@@ |\+\+\+ \S|--- \S)/,
);
/** What may begin a sentence too, and is code where signs of code follow. */
const MAY_BEGIN =
  /^\s*(?:public|private|protected|static|export|pub|async|return|throw|raise|yield|await|print|puts|echo|assert|class|struct|enum|interface|trait|impl|if|elif|for|while|with|switch|case|except|catch|match|int|char|float|double|bool|auto|string|void|long|unsigned|[\w$]+(?:\.[\w$]+)*\()/;
const SIGNS = /[=(){}[\];<>"$]|::|->|\+\+|:$/;
const ENDS = /(?:[{}]|\)\s?:|\);|=>|&&|\|\|| \\)$/;
const ENDS_STATEMENT = /;$/;
/** Code only where other lines say so. */
const NEUTRAL = /^\s*(?:#|\/\/|\/\*|\*|--|;;|%)|^(?: {2,}|\t)/;
/** `key: value`, code where lines below it are indented. */
const ENTRY = /^\s*(?:- )?["']?[\w.$/-]+["']?\s*:(?:\s|$)/;
const FORMATTED = /\*\*|~~|`|\]\(/;
const LIST_ITEM = /^\s*(?:[-*+]|\d{1,9}[.)])\s/;
/** Patterns look at so much of a line, and at so many lines. */
const MAX_LINE = 200;
const MAX_LINES = 200;

const isCode = (line: string): boolean => {
  const start = line.slice(0, MAX_LINE);
  if (BEGINS.test(start)) return true;
  const end = line.slice(-MAX_LINE).trimEnd();
  if (ENDS.test(end)) return true;
  if (LIST_ITEM.test(start)) return false;
  return (MAY_BEGIN.test(start) || ENDS_STATEMENT.test(end)) && SIGNS.test(start.replace(/;\s*$/, ''));
};

/**
 * Whether some lines are code that stands without a fence: then none of its signs are meant as formatting. Never true of
 * a single line.
 */
export const looksLikeCode = (lines: readonly string[]): boolean => {
  const sample = lines.filter((line) => /\S/.test(line)).slice(0, MAX_LINES);
  if (sample.length < 2) return false;
  const indented = sample.some((line) => /^(?: {2,}|\t)/.test(line));
  const changed = sample.some((line) => /^\+/.test(line)) && sample.some((line) => /^-/.test(line));
  let code = 0;
  let entries = 0;
  let prose = 0;
  for (const line of sample) {
    if (isCode(line) || (changed && /^[-+]/.test(line))) code++;
    else if (indented && ENTRY.test(line)) entries++;
    else if (!NEUTRAL.test(line)) prose++;
  }
  if (entries > 0 && code === 0 && sample.some((line) => FORMATTED.test(line))) return false;
  code += entries;
  return code > 0 && (prose === 0 || (code >= 3 && code >= 2 * prose));
};
