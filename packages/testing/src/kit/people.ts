import {
  API_PATH,
  type ErrorData,
  LockstepError,
  type Me,
  PROTOCOL_VERSION,
  VERSION_HEADER,
} from '@lockstep/protocol';
import { type Calls, createHttp } from '@lockstep/sync';
import { callsWithinLimits, invitationCode, withinLimits } from './installation.ts';

/** What one signs up and in with. */
export interface Account {
  /** With something after it that no other run has: `Alice k3x9`. */
  name: string;
  email: string;
  password: string;
}

/** Someone with an account, who can call the API from outside of any browser. */
export interface Person extends Account {
  id: string;
  /** Calls as this person, on a session that is none of their devices. */
  api: Calls;
}

let count = 0;

/** Domain of the e-mail addresses: what finds these people among others (docs/testing.md). Nothing can be sent there. */
export const DOMAIN = 'e2e.example.com';

/** A new one each time, so that tests do not meet in one database, whichever worker and run they are of. */
export const newAccount = (name: string): Account => {
  const mark = `${Date.now().toString(36)}${++count}${crypto.randomUUID().slice(0, 3)}`;
  return {
    name: `${name} ${mark}`,
    email: `${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}-${mark}@${DOMAIN}`,
    password: 'correct horse battery',
  };
};

/** A new account, made by the API of the server at `url`. */
export const signUpPerson = async (url: string, name: string): Promise<Person> => {
  const account = newAccount(name);
  const { me, cookie } = await enter(url, 'auth.signUp', { ...account, ...invitationCode() });
  const api = callsWithinLimits(createHttp({ url, headers: { cookie, origin: url } }));
  return { ...account, id: me.id, api };
};

/** A session of its own for this person: the value of a `Cookie` header. */
export const signInPerson = async (url: string, { email, password }: Account): Promise<string> =>
  (await enter(url, 'auth.signIn', { email, password })).cookie;

/** A session of its own, with the value of its `Cookie` header. Waits where the server limits sign-ups or sign-ins. */
export const enter = (
  url: string,
  procedure: 'auth.signUp' | 'auth.signIn',
  input: Partial<Account> & { invitation?: string },
): Promise<{ me: Me; cookie: string }> => withinLimits(() => enterOnce(url, procedure, input));

const enterOnce = async (
  url: string,
  procedure: string,
  input: object,
): Promise<{ me: Me; cookie: string }> => {
  const response = await fetch(url + API_PATH + procedure, {
    method: 'POST',
    headers: { 'content-type': 'application/json', [VERSION_HEADER]: String(PROTOCOL_VERSION) },
    body: JSON.stringify(input),
  });
  const text = await response.text();
  if (!response.ok) throw refused(procedure, response.status, text);
  const cookie = response.headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ');
  return { me: (JSON.parse(text) as { result: { data: Me } }).result.data, cookie };
};

/** The error for an answer of the API that is no result. */
export const refused = (procedure: string, status: number, text: string): Error => {
  const message = `${procedure}: ${status} ${text}`;
  try {
    const { code, ...data } = (JSON.parse(text) as { error: { data: ErrorData } }).error.data;
    return new LockstepError(code, message, data);
  } catch {
    return new Error(message);
  }
};
