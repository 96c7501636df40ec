import { expect, test } from 'vitest';
import { parseSearch } from '../src/index.ts';

/** The words that a query leaves out. */
const negated = (text: string): string[] =>
  parseSearch(text).query.clauses.flatMap((one) => (one.not && 'text' in one ? [one.text] : []));

test.each([
  'ls -lah /var',
  'cp -rvf a b',
  'mv -fiv a b',
  'ln -sfn a b',
  'mkdir -pvm 700 x',
  'unzip -qoj a.zip',
  'zip -rq9 a.zip a',
  'gzip -dkf a.gz',
  'cpio -idmv',
  'netstat -tulpn',
  'ss -tulpn',
  'lsof -inP',
  'df -hTi',
  'du -shc /home',
  'grep -rni error',
  'egrep -rni error',
  'sed -niE x',
  'sort -nru',
  'chmod -Rvf 755 x',
  'chown -Rvh ann x',
  'ssh -NfL 8080 host',
  'scp -rpq a host',
  'rsync -avzP a host',
  'docker run -itd image',
  'podman run -itd image',
  'kubectl get pods -Awl app',
  'git clean -xdfn',
  'apt install -yqf x',
  'apt-get install -yqf x',
  'aptitude install -yqf x',
  'rpm -ivh x.rpm',
  'pacman -Syu',
  'curl -sSL example',
  'wget -qcO x',
  'ping -nqc 4 host',
  'nc -lvp 80',
  'make -kns',
  'bash -lexc true',
  'sudo -EHu www true',
  'modprobe -rvf nvidia',
  'mount -vno remount',
  'uname -snrm',
  'iptables -Lnv',
  'strace -fto out',
  'lspci -vnk',
  'journalctl -xeu nginx',
  'systemctl list-units -alt service',
  'nmap -sPn host',
  'useradd -mds x',
  'usermod -aGs x',
  'xargs -0rt',
])('%s is a command with its flags: nothing of it is left out', (line) => expect(negated(line)).toEqual([]));

test.each([
  ...['g++ -pthread', 'cc -pthread', 'gcc -fno-strict', 'clang -march', 'clang++ -static'],
  ...['java -classpath', 'javac -classpath', 'find -maxdepth', 'ffmpeg -vcodec', 'openssl -noout'],
  ...['kill -TERM', 'killall -HUP', 'dpkg-reconfigure -plow', 'mplayer -nosound', 'glxgears -printfps'],
  ...['lshw -short', 'xset -dpms', 'xrdb -merge', 'terraform -auto-approve'],
])('%s is a command with a word for a flag, which is none behind other words or when it goes on', (line) => {
  const [command = '', flag = ''] = line.split(' -');
  expect(negated(line)).toEqual([]);
  expect(negated(`sound -${flag}`)).toEqual([flag]);
  for (const other of [`un${flag}`, `${flag}大`]) {
    const isLong = command === 'gcc' && other.startsWith('f');
    expect(negated(`${command} -${other}`)).toEqual(isLong ? [] : [other]);
  }
});

test('a command is known in capitals and with its path, one of its flags only once', () => {
  expect(negated('Tar -xzf a.tar')).toEqual([]);
  expect(negated('/usr/bin/rsync -avz a b')).toEqual([]);
  expect(negated('ls -lala')).toEqual(['lala']);
  expect(negated('tar -xzy')).toEqual(['xzy']);
});

test('a command of PowerShell has words for flags, what only looks like one has none', () => {
  expect(negated('Get-ChildItem -Recurse')).toEqual([]);
  for (const name of ['xGet-Item', 'Get-Item2', 'get-Item', 'Get-item'])
    expect(negated(`${name} -Recurse`)).toEqual(['Recurse']);
  expect(negated('Get-Item -Path2')).toEqual(['Path2']);
  expect(negated('Get-Item -大Path')).toEqual(['大Path']);
});

test('what is set, and a letter with a number, is a flag wherever it stands', () => {
  for (const flag of ['std=c99', 'j16', 'x64', 'O2']) expect(negated(`sound -${flag}`)).toEqual([]);
  for (const word of ['größe=5', 'jj16', 'x64b', 'abc']) expect(negated(`sound -${word}`)).toEqual([word]);
});
