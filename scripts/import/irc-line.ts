import { isVisible } from '@lockstep/protocol';

/** What one line of an IRC log says. `second` is of the day, null where the line has no time of its own. */
export type IrcLine = { second: number | null } & IrcEvent;

export type IrcEvent =
  | { kind: 'text'; nick: string; text: string }
  /** Something done rather than said, as `/me`, changes of nick and mode; told in the third person. */
  | { kind: 'action'; nick: string; text: string }
  | { kind: 'joined'; nick: string }
  | { kind: 'left'; nick: string; by: string }
  | { kind: 'topic'; nick: string; topic: string }
  | { kind: 'blank' }
  | { kind: 'unreadable'; reason: string };

/** Who speaks where a line has no nick: the server that the log's writer was connected to. */
export const SERVER = 'IRC server';

/** Logs before 2007 have a space after every `]`, in nicks as well: `bur[n] er` is bur[n]er, `[gus] ` is [gus]. */
const NICK = String.raw`((?:[^\s\]]|\](?: (?=\S))?)+)`;

const TIMED = /^\[(\d\d):(\d\d)(?::(\d\d))?\] ?(.*)$/s;
const SAID = /^<([^>]*)> ?(.*)$/s;
const DID = /^ ?\* (\S+) ?(.*)$/s;
const RELAYED = /^\(([^/()\s]+)\/#[^)]*\) (.*)$/s;
const NOTICE = /^-([^:\s]+):#[^\s-]*- (.*)$/s;
const JOINED = /^(.+?) +\[[^\]]*\] +has joined #/;
const LEFT = /^(.+?) +\[[^\]]*\] +has left #/;
const QUIT = /^(.+?) +\[[^\]]*\] +has quit\b/;
const KICKED = new RegExp(`^${NICK} +was kicked off #\\S* by ${NICK}`);
const RENAMED = new RegExp(`^${NICK} +is now known as ${NICK} *$`);
const MODE = new RegExp(`^mode/#\\S* \\[(.*)\\] +by ${NICK} *$`);
const TOPIC_SET = /^\.\.\[topic\/#[^:\]]*:([^\]]+)\] : (.*)$/s;
const TOPIC_CHANGED = new RegExp(`^${NICK} +changed the topic of #\\S* to: (.*)$`, 's');
const TOPIC_IS = /^Topic for #\S*: (.*)$/s;
const TOPIC_BY = /^Topic \(#\S*\): (set by .*)$/s;
const NET = /^(net(?:joined|split): .*)$/;
const ACTION = new RegExp(`^${NICK} +(\\S.*)$`, 's');

/** Takes one line apart. Expects text without control characters. */
export const parseLine = (line: string): IrcLine => {
  if (line.trim() === '') return { second: null, kind: 'blank' };
  if (line.startsWith('=== ')) return { second: null, ...checked(parseSystem(line.slice(4))) };
  const timed = TIMED.exec(line);
  if (!timed) return { second: null, kind: 'unreadable', reason: 'not a line of an IRC log' };
  const [hour, minute, second] = [Number(timed[1]), Number(timed[2]), Number(timed[3] ?? 0)];
  // 60 is a leap second.
  if (hour > 23 || minute > 59 || second > 60)
    return { second: null, kind: 'unreadable', reason: 'no such time' };
  return { second: (hour * 60 + minute) * 60 + second, ...checked(parseTimed(timed[4] as string)) };
};

const parseTimed = (rest: string): IrcEvent => {
  const did = DID.exec(rest);
  if (did) return { kind: 'action', nick: did[1] as string, text: did[2] as string };
  const match = SAID.exec(rest) ?? RELAYED.exec(rest) ?? NOTICE.exec(rest);
  if (match) return { kind: 'text', nick: match[1] as string, text: match[2] as string };
  return { kind: 'unreadable', reason: 'no <nick> after the time' };
};

const parseSystem = (rest: string): IrcEvent => {
  let found = JOINED.exec(rest);
  if (found) return { kind: 'joined', nick: found[1] as string };
  found = LEFT.exec(rest) ?? QUIT.exec(rest);
  if (found) return { kind: 'left', nick: found[1] as string, by: found[1] as string };
  found = KICKED.exec(rest);
  if (found) return { kind: 'left', nick: found[1] as string, by: found[2] as string };
  found = RENAMED.exec(rest);
  if (found)
    return { kind: 'action', nick: found[1] as string, text: `is now known as ${cleanNick(found[2] ?? '')}` };
  found = MODE.exec(rest);
  if (found) return { kind: 'action', nick: found[2] as string, text: `sets mode ${found[1]}` };
  found = TOPIC_SET.exec(rest) ?? TOPIC_CHANGED.exec(rest);
  if (found) return { kind: 'topic', nick: found[1] as string, topic: found[2] as string };
  found = TOPIC_IS.exec(rest);
  if (found) return { kind: 'topic', nick: SERVER, topic: found[1] as string };
  found = TOPIC_BY.exec(rest);
  if (found) return { kind: 'action', nick: SERVER, text: `says the topic was ${found[1]}` };
  found = NET.exec(rest);
  if (found) return { kind: 'action', nick: SERVER, text: `says ${found[1]}` };
  found = ACTION.exec(rest);
  if (found) return { kind: 'action', nick: found[1] as string, text: found[2] as string };
  return { kind: 'unreadable', reason: 'not a system line that is known' };
};

/** Nicks are cleaned here, in one place; an event without a nick or without text is not one. */
const checked = (event: IrcEvent): IrcEvent => {
  if (event.kind === 'blank' || event.kind === 'unreadable') return event;
  const nick = cleanNick(event.nick);
  if (nick === '') return { kind: 'unreadable', reason: 'no nick' };
  if (event.kind === 'text' || event.kind === 'action') {
    const text = event.text.trimEnd();
    if (!isVisible(text)) return { kind: 'unreadable', reason: 'nothing said after the nick' };
    return { ...event, nick, text };
  }
  if (event.kind === 'left') return { ...event, nick, by: cleanNick(event.by) };
  if (event.kind === 'topic') return { ...event, nick, topic: event.topic.trim() };
  return { ...event, nick };
};

/** Without white space, which a nick cannot have, and without the channel status in front (`@` operator, `+` voice). */
const cleanNick = (nick: string): string =>
  nick === SERVER ? nick : nick.replace(/\s+/g, '').replace(/^[@+%&~](?=.)/, '');
