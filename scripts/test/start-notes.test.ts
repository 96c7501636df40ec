import { expect, test } from 'vitest';
import { startNotes } from '../lib/start-notes.ts';

const OWN = ['192.168.1.5', '2001:db8::5'];
const CODE = 'ABCD-EFGH-JKMN';
const OPEN = { ready: false, signUp: 'open' as const };

const notesOf = (settings: { HOST: string; PUBLIC_URL?: string; TRUST_PROXY?: 'on' }, status = OPEN) => {
  const { addresses, notes } = startNotes(
    {
      PORT: 3000,
      TRUST_PROXY: 'off',
      PUBLIC_URL: 'http://localhost:3000',
      publicUrlIsSet: settings.PUBLIC_URL !== undefined,
      ...settings,
    },
    status,
    CODE,
    OWN,
  );
  return { addresses, text: notes.join('\n') };
};

test.each(['127.0.0.1', 'localhost', '::1', '127.0.0.5'])(
  'on %s nobody else comes: nothing to say',
  (HOST) => {
    expect(notesOf({ HOST })).toEqual({ addresses: ['http://localhost:3000'], text: '' });
  },
);

test('on all addresses: they are named, with the code, a warning and what to set', () => {
  const { addresses, text } = notesOf({ HOST: '0.0.0.0' });
  expect(addresses).toEqual(['http://localhost:3000', 'http://192.168.1.5:3000']);
  expect(text).toMatch(/sign-up is open.*SIGN_UP=invitation/);
  expect(text).toContain(CODE);
  expect(text).toContain('PUBLIC_URL is not set');
  expect(notesOf({ HOST: '::' }).addresses).toContain('http://[2001:db8::5]:3000');
  expect(notesOf({ HOST: '192.168.1.5' }).addresses).toEqual(['http://192.168.1.5:3000']);
});

test('behind a proxy on this machine the code is needed too', () => {
  const { addresses, text } = notesOf({ HOST: '127.0.0.1', PUBLIC_URL: 'https://chat.example.org' });
  expect(addresses).toEqual(['https://chat.example.org']);
  expect(text).toContain(CODE);
  expect(text).not.toContain('sign-up is open');
});

test('behind a proxy the address that people use has to be set, as they open it', () => {
  const HOST = '127.0.0.1';
  expect(notesOf({ HOST, TRUST_PROXY: 'on' }).text).toContain('PUBLIC_URL is not set');
  const plain = notesOf({ HOST, TRUST_PROXY: 'on', PUBLIC_URL: 'http://chat.example.org' }).text;
  expect(plain).toMatch(/without TLS.* https:\/\/chat\.example\.org,/);
  expect(notesOf({ HOST, TRUST_PROXY: 'on', PUBLIC_URL: 'https://chat.example.org' }).text).not.toMatch(
    /PUBLIC_URL/,
  );
});

test('once there is an account there is no code; with invitations no warning', () => {
  expect(notesOf({ HOST: '0.0.0.0' }, { ready: true, signUp: 'open' }).text).not.toContain(CODE);
  expect(notesOf({ HOST: '0.0.0.0' }, { ready: true, signUp: 'open' }).text).toContain('sign-up is open');
  const closed = { ready: false, signUp: 'invitation' as const };
  expect(notesOf({ HOST: '0.0.0.0' }, closed as never).text).not.toContain('sign-up is open');
});
