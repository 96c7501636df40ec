import { describe, expect, it } from 'vitest';
import { fileFaults, misspelt } from '../lib/settings.ts';

describe('the names of settings', () => {
  it.each([
    ['LOG_LEVLE', 'LOG_LEVEL'],
    ['SIGNUP', 'SIGN_UP'],
    ['DATABSE_URL', 'DATABASE_URL'],
    ['PUBLIC_URI', 'PUBLIC_URL'],
    ['PROT', 'PORT'],
    ['log-level', 'LOG_LEVEL'],
    ['Data_Dir', 'DATA_DIR'],
  ])('%s was meant to be %s', (name, meant) => {
    expect(misspelt([name])).toEqual([[name, meant]]);
    expect(fileFaults(`${name}=x\n`).join()).toContain(
      name.includes('-') ? '' : `${name} in .env is no setting: did you mean ${meant}?`,
    );
  });

  it('leaves alone what every environment has, and what is far from all', () => {
    const names = [
      'HOME',
      'PATH',
      'SHELL',
      'USER',
      'LANG',
      'TERM',
      'PWD',
      'HOSTNAME',
      'EDITOR',
      'POSTGRES_PASSWORD',
    ];
    expect(misspelt([...names, 'LOG_LEVEL', 'REDIS_URL', 'NODE_OPTIONS', 'MAIL', 'SSH_AUTH_SOCK'])).toEqual(
      [],
    );
  });
});

describe('.env', () => {
  it('is refused where a # cuts a value off, and only there', () => {
    expect(fileFaults('DATABASE_URL=postgresql://a:b#c@host/db\n')).toEqual([
      expect.stringMatching(/^DATABASE_URL in \.env: a "#" begins a comment there/),
    ]);
    for (const fine of [
      'DATABASE_URL="postgresql://a:b#c@host/db"',
      'LOG_LEVEL=warn # not so much',
      '#LOG_LEVEL=info#',
      'LOG_LEVEL= # nothing',
      'OTHER=a#b',
    ])
      expect(fileFaults(fine)).toEqual([]);
  });
});
