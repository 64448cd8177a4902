import { describe, expect, it } from '@jest/globals';
import { Identity } from './identity.js';

const given = new URL('https://anna:p%40ssw0rd@example.org:8443/film.mp4#t=10');
const identity = new Identity(given, { 'X-Key': 'Token of-anna', DNT: '1' });

describe('Identity', () => {
  it('takes the credentials out of the URL', () => {
    expect(identity.url.href).toBe('https://example.org:8443/film.mp4');
  });

  it.each([
    ['https://example.org:8443/other.mp4', true],
    ['https://example.org/film.mp4', false],
    ['http://example.org:8443/film.mp4', false],
    ['https://cdn.example.org:8443/film.mp4', false],
    ['https://example.org.example.com:8443/film.mp4', false],
  ])('sends them to %s: %s', (url, isSent) => {
    expect(identity.fieldsFor(new URL(url))).toEqual(
      isSent ? { Authorization: `Basic ${btoa('anna:p@ssw0rd')}`, 'X-Key': 'Token of-anna', DNT: '1' } : {},
    );
  });

  it.each([
    [`Basic ${btoa('anna:p@ssw0rd')}`, 'Basic ***'],
    [btoa('anna:p@ssw0rd').toLowerCase(), '***'],
    ['realm="p@ssw0rd"', 'realm="***"'],
    ['/login?next=p%40ssw0rd', '/login?next=***'],
    ['X-Key was Token of-anna.', 'X-Key was ***.'],
    ['of-anna', '***'],
    ['1 of 12 bytes', '1 of 12 bytes'],
  ])('strikes it out of %j', (text, clean) => {
    expect(identity.redact(text)).toBe(clean);
  });

  it('has nothing to send where nothing was given', () => {
    const none = new Identity(new URL('http://[::1]:8000/a'));
    expect(none.isGiven).toBe(false);
    expect(none.redact('anything')).toBe('anything');
  });
});
