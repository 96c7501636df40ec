/**
 * Flags of commands, such as `-rf` and `--configure`: in a query they are words, and negate nothing. Everything else of
 * a letter behind a minus negates: `meeting -cancelled`.
 */

/** Flags of one letter that a command takes, which are also written together: `tar -xzf`. */
const LETTERS: Record<string, string> = {
  ...{ rm: 'rfivdI', ls: 'lahtrSRdi1FGkcAu', cp: 'rpafRviun', mv: 'fivnu', ln: 'sfnvr', mkdir: 'pvm' },
  ...{ tar: 'cxtzjvfpJkCuOrh', unzip: 'oqldjv', zip: 'rq9ejmu', gzip: 'dkfvc9', cpio: 'idmvuto' },
  ...{
    ps: 'auxefwlAjpoC',
    netstat: 'tulpnarie',
    ss: 'tulpnaemoi',
    lsof: 'inPptu',
    df: 'hTiak',
    du: 'shcakd',
  },
  ...{ grep: 'rniEvlcwoHAhRFPqsBCI', egrep: 'rnivlcwohq', sed: 'niErs', awk: 'Ffv', sort: 'nrukth' },
  ...{ chmod: 'Rvcf', chown: 'Rvhcf', ssh: 'NfLRDvpiXYAtTCnq', scp: 'rpPiCqv', rsync: 'avzrPhuntxcHAXSe' },
  ...{ docker: 'itdpveaqf', podman: 'itdpveaqf', kubectl: 'nfoAlw', git: 'amvbdnpuCDxf', svn: 'rmuv' },
  ...{ apt: 'yqfst', 'apt-get': 'yqfst', aptitude: 'yqfst', dpkg: 'ilrPLSsac', rpm: 'ivhUeqaFpl', yum: 'yq' },
  ...{ pacman: 'SyuRnsQqiUldkoc', curl: 'sSLfoIOkvXdHu', wget: 'qcOrNpkm', ping: 'cinWtq4', nc: 'lvzpnuw' },
  ...{ make: 'jkBCns', bash: 'celxinu', sudo: 'iuEsSH', su: 'lc', modprobe: 'rvfna', mount: 'otanrv' },
  ...{
    uname: 'asrmnpvio',
    iptables: 'AtjpiLnvXFDIm',
    strace: 'fetpos',
    lspci: 'vnkx',
    fdisk: 'lu',
    mkfs: 'tLFm',
  },
  ...{
    journalctl: 'xefubknr',
    systemctl: 'latq',
    fuser: 'vkimnau',
    nmap: 'sPSTUAOvnF',
    useradd: 'mgGsdu',
    usermod: 'aGLUsd',
    xargs: 'n0IPrt',
  },
};

/** Flags of a word behind one minus, of these commands. */
const COMPILER =
  /^(?:[WDIOLU]\S*|f[a-z]+-\S+|fPIC|march|mtune|pthread|static|shared|pedantic|ansi|lpthread)$/;
const WORDS: Record<string, RegExp> = {
  ...{ gcc: COMPILER, 'g++': COMPILER, cc: COMPILER, clang: COMPILER, 'clang++': COMPILER },
  java: /^(?:version|jar|cp|classpath|[XD]\S+|server|ea)$/,
  javac: /^(?:version|cp|classpath|source|target|Xlint\S*)$/,
  find: /^(?:i?name|type|exec|ok|print0?|delete|size|[mac]time|mmin|m(?:ax|in)depth|i?path|perm|user|group|newer|regex|prune|empty|not)$/,
  ffmpeg: /^(?:[va]?codec|crf|preset|[va]f|filter_complex|map|threads|loglevel|framerate|pix_fmt)$/,
  openssl: /^(?:in|out|text|noout|days|nodes|newkey|x509|keyout|subj|connect|servername|sha256)$/,
  kill: /^(?:TERM|KILL|HUP|INT|USR[12]|STOP|CONT|QUIT)$/,
  killall: /^(?:TERM|KILL|HUP|INT|USR[12])$/,
  'dpkg-reconfigure': /^p(?:low|medium|high|critical)$/,
  mplayer: /^(?:dvd(?:-device)?|ao|vo|[va]f|fs|nosound|framedrop)$/,
  glxgears: /^printfps$/,
  lshw: /^(?:class|short|html)$/,
  xset: /^(?:dpms|display)$/,
  xrdb: /^(?:merge|load|query)$/,
  terraform: /^(?:auto-approve|target|var|var-file|destroy|out)(?:=.*)?$/,
};

/** `Get-ChildItem`: a command of PowerShell. */
const CMDLET = /^[A-Z][a-z]+-[A-Z][A-Za-z]+$/;

/** Whatever stands before it: `--configure`, one or two letters or digits, a letter with a number, something set. */
const ANYWHERE = /^(?:[-－−].*|[A-Za-z0-9]{1,2}|[A-Za-z]\d+|[A-Za-z][\w.-]*=.*)$/su;

const nameOf = (word: string): string => word.slice(word.lastIndexOf('/') + 1).toLowerCase();

/**
 * Whether a word behind a minus is a flag, among the words of the query that stand before it. `text` is without the
 * minus.
 */
export const isFlag = (text: string, before: readonly string[]): boolean =>
  ANYWHERE.test(text) || before.some((word) => isFlagOf(word, text));

const isFlagOf = (word: string, text: string): boolean => {
  if (CMDLET.test(word)) return /^[A-Za-z]+$/.test(text);
  const command = nameOf(word);
  if (Object.hasOwn(WORDS, command) && WORDS[command]?.test(text)) return true;
  const letters = Object.hasOwn(LETTERS, command) ? (LETTERS[command] as string) : '';
  return [...text].every((one, i) => letters.includes(one) && text.indexOf(one) === i);
};
