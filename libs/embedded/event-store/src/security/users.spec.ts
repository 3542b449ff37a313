import { describe, expect, it, jest } from '@jest/globals';
import { cheapHash } from '../node.fixture.js';
import { FailedLogins } from './failed-logins.js';
import { hashPassword, isPasswordHash, isPasswordOf } from './password.js';
import { Users } from './users.js';

const header = (username: string, password: string) => `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

describe('a password', () => {
  it('is known by its hash, which says nothing of it', async () => {
    const [hash, again] = await Promise.all([hashPassword('pass:wörd'), hashPassword('pass:wörd')]);
    expect(hash).toMatch(/^scrypt\$32768\$8\$3\$/);
    expect(again).not.toBe(hash);
    expect(await isPasswordOf(hash, 'pass:wörd')).toBe(true);
    expect(await isPasswordOf(hash, 'pass:word')).toBe(false);
    expect([isPasswordHash(hash), isPasswordHash('changeit'), await isPasswordOf('changeit', 'changeit')]).toEqual([true, false, false]);
  });
});

describe('users', () => {
  const ada = { username: 'ada', groups: ['$admins'] };
  const bob = { username: 'bob', groups: [] };
  const hashes = { ada: cheapHash('a:da'), bob: cheapHash('bob') };
  const usersOf = (failedLoginsPerMinute = 3) =>
    new Users(
      [
        { ...ada, passwordHash: hashes.ada },
        { ...bob, passwordHash: hashes.bob },
      ],
      failedLoginsPerMinute,
    );
  const WRONG = { code: 16, message: 'Wrong user name or password' };

  it('are who they say they are, and known from then on', async () => {
    const users = usersOf();
    expect(await new Users([{ ...ada, password: 'a:da' }], 1).authenticate(header('ada', 'a:da'), 'here')).toEqual(ada);
    expect(await users.authenticate(header('ada', 'a:da'), 'here')).toEqual(ada);
    expect(users.authenticate(header('ada', 'a:da'), 'elsewhere')).toEqual(ada);
    expect(await users.authenticate(header('bob', 'bob'), 'here')).toEqual(bob);
    expect(users.authenticate(undefined, 'here')).toBe('anonymous');
  });

  it.each([header('ada', 'da'), header('ada', ''), header('bob', 'a:da'), header('eve', 'a:da'), header('', '')])(
    'are nobody with %s',
    async (wrong) => {
      const users = usersOf();
      await expect(users.authenticate(wrong, 'here')).rejects.toMatchObject(WRONG);
    },
  );

  it.each(['Bearer abc', 'Basic', 'nonsense'])('do not log in by %s', async (other) => {
    const users = usersOf();
    await expect(users.authenticate(other, 'here')).rejects.toMatchObject({
      code: 16,
      message: 'Credentials are given as Basic authorization',
    });
  });

  it('wait after so many wrong passwords, right ones too, each user at each address alone', async () => {
    const users = usersOf(2);
    for (const guess of ['1', '2']) await expect(users.authenticate(header('bob', guess), 'here')).rejects.toMatchObject(WRONG);
    await expect(users.authenticate(header('bob', 'bob'), 'here')).rejects.toMatchObject({
      code: 16,
      message: expect.stringMatching(/^Too many failed logins: try again in \d+ s$/),
    });
    expect(await users.authenticate(header('bob', 'bob'), 'elsewhere')).toEqual(bob);
    expect(await users.authenticate(header('ada', 'a:da'), 'here')).toEqual(ada);
    // who is known is not asked again
    expect(users.authenticate(header('bob', 'bob'), 'here')).toEqual(bob);
  });

  it('are hashed once for many who come at once, and not for too many', async () => {
    const users = usersOf();
    const calls = Array.from({ length: 50 }, async () => users.authenticate(header('bob', 'bob'), 'here'));
    expect(await Promise.all(calls)).toEqual(calls.map(() => bob));
    const guesses = Array.from({ length: 16 }, async (_, n) => users.authenticate(header('bob', String(n)), `address ${n}`));
    expect(() => users.authenticate(header('bob', 'one too many'), 'here')).toThrow('Too many logins at once');
    expect((await Promise.allSettled(guesses)).every(({ status }) => status === 'rejected')).toBe(true);
  });
});

describe('failed logins', () => {
  it('are forgotten after a minute', () => {
    const now = jest.fn(() => 0);
    const failed = new FailedLogins(2, now);
    failed.add('here', 'ada');
    failed.add('here', 'ada');
    expect([failed.waitSeconds('here', 'ada'), failed.waitSeconds('here', 'bob'), failed.waitSeconds('there', 'ada')]).toEqual([60, 0, 0]);
    now.mockReturnValue(59_001);
    expect(failed.waitSeconds('here', 'ada')).toBe(1);
    now.mockReturnValue(60_000);
    expect(failed.waitSeconds('here', 'ada')).toBe(0);
    failed.add('here', 'ada');
    expect(failed.waitSeconds('here', 'ada')).toBe(0);
  });

  it('are remembered of so many, and no more', () => {
    const failed = new FailedLogins(1);
    for (let n = 0; n < 10_001; n++) failed.add('here', `user ${n}`);
    expect([failed.waitSeconds('here', 'user 0'), failed.waitSeconds('here', 'user 1')]).toEqual([0, 60]);
  });
});
