import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, type TestContext } from 'vitest';

/** What an operator copies: the files of deploy/ for systemd and nginx. Where these are installed they read them too. */

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string) => readFileSync(join(root, 'deploy', file), 'utf8');

/** Runs a program of the machine; skips the test, saying so, where it is not installed. */
const run = (context: TestContext, program: string, ...args: string[]) => {
  const { error, status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (error) context.skip(`${program} is not installed`);
  return { status, said: stderr };
};

describe('lockstep.service', () => {
  const KNOWN: Record<string, string[]> = {
    Unit: ['Description', 'Wants', 'After', 'StartLimitIntervalSec'],
    Service: [
      ...[
        'Type',
        'NotifyAccess',
        'User',
        'WorkingDirectory',
        'ExecStart',
        'ExecReload',
        'Restart',
        'RestartSec',
      ],
      ...['TimeoutStartSec', 'TimeoutStopSec', 'KillMode', 'OOMPolicy', 'LimitNOFILE', 'UMask'],
      ...['NoNewPrivileges', 'PrivateTmp', 'ProtectSystem', 'ProtectHome', 'ProtectKernelTunables'],
      ...['ProtectKernelModules', 'ProtectControlGroups', 'RestrictSUIDSGID'],
    ],
    Install: ['WantedBy'],
  };

  const sections = (text: string): Record<string, Record<string, string>> => {
    const found: Record<string, Record<string, string>> = {};
    let current: Record<string, string> | undefined;
    for (const line of text.split('\n')) {
      if (line === '' || line.startsWith('#')) continue;
      const [, section] = /^\[(\w+)\]$/.exec(line) ?? [];
      const [, key = '', value = ''] = /^(\w+)=(.+)$/.exec(line) ?? [];
      if (section) {
        current = {};
        found[section] = current;
      } else if (!current || !key || key in current) throw new Error(`cannot be read: ${line}`);
      else current[key] = value;
    }
    return found;
  };
  const unit = sections(read('lockstep.service'));

  it('has only sections and keys that systemd has', () => {
    expect(() => sections('[Unit]\nType simple')).toThrow('cannot be read: Type simple');
    expect(Object.keys(unit)).toEqual(Object.keys(KNOWN));
    for (const [name, keys] of Object.entries(unit))
      expect(Object.keys(keys).filter((key) => !KNOWN[name]?.includes(key))).toEqual([]);
  });

  it('starts what there is, and stops it as it wants to be stopped', () => {
    const { Service = {} } = unit;
    const [node, file = ''] = Service.ExecStart?.split(' ').slice(1) ?? [];
    expect([node, existsSync(join(root, file))]).toEqual(['node', true]);
    expect(Service).toMatchObject({ KillMode: 'mixed', OOMPolicy: 'continue', Restart: 'on-failure' });
    // With this, scripts/lib/systemd.ts says that all is ready.
    expect(Service).toMatchObject({ Type: 'notify', NotifyAccess: 'all' });
  });

  it('is right for systemd', (context) => {
    const file = join(root, 'deploy/lockstep.service');
    expect(run(context, 'systemd-analyze', 'verify', file)).toEqual({ status: 0, said: '' });
  });
});

/** Directives with their arguments, each with the blocks that it is in: `server > location / > proxy_pass http://a`. */
const directives = (text: string): string[] => {
  const found: string[] = [];
  const blocks: string[] = [];
  let words: string[] = [];
  for (const [token] of text.matchAll(/#.*|'[^']*'|"[^"]*"|[{};]|[^\s{};'"#]+/g)) {
    if (token.startsWith('#')) continue;
    if (token !== '{' && token !== ';' && token !== '}') words.push(token);
    else if (token === '}') {
      if (words.length > 0 || blocks.pop() === undefined)
        throw new Error(`a ";" or a "{" is missing: ${words}`);
    } else if (words.length === 0) throw new Error('a directive is empty');
    else {
      const directive = words.join(' ');
      words = [];
      if (token === '{') blocks.push(directive);
      else found.push([...blocks, directive].join(' > '));
    }
  }
  if (blocks.length > 0 || words.length > 0) throw new Error(`not closed: ${[...blocks, ...words]}`);
  return found;
};

describe('nginx.conf', () => {
  it('passes on what Lockstep needs', () => {
    for (const wrong of ['server { listen 80; ', 'server { listen 80 }', 'a; }', 'a b'])
      expect(() => directives(wrong)).toThrow();
    const all = directives(read('nginx.conf'));
    const header = (line: string) => `server > location / > proxy_set_header ${line}`;
    expect(all).toEqual(
      expect.arrayContaining([
        'map $http_upgrade $lockstep_connection > default upgrade',
        'server > location / > proxy_pass http://lockstep',
        'server > location / > proxy_http_version 1.1',
        header('Upgrade $http_upgrade'),
        header('Connection $lockstep_connection'),
        header('Host $http_host'),
        header('X-Forwarded-For $remote_addr'),
      ]),
    );
  });

  it('is right for nginx', (context) => {
    if (spawnSync('nginx', ['-v']).error) context.skip('nginx is not installed');
    const folder = mkdtempSync(join(tmpdir(), 'lockstep-nginx-'));
    try {
      const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
      const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=chat.example.org'];
      run(context, 'openssl', ...made, '-keyout', key, '-out', certificate);
      const conf = read('nginx.conf')
        .replace(/(ssl_certificate) .*;/, `$1 ${certificate};`)
        .replace(/(ssl_certificate_key) .*;/, `$1 ${key};`);
      const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
        .map((name) => `${name}_temp_path ${folder}/${name};`)
        .join('\n');
      writeFileSync(
        join(folder, 'nginx.conf'),
        `pid ${folder}/pid; error_log stderr; events {} http { ${paths} access_log off; ${conf} }`,
      );
      const { status, said } = run(context, 'nginx', '-t', '-p', folder, '-c', 'nginx.conf');
      expect({ status, said }).toEqual({ status: 0, said: expect.stringContaining('test is successful') });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
