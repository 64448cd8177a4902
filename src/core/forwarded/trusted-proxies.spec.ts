import { describe, expect, it } from '@jest/globals';
import { TrustedProxies } from './trusted-proxies.js';

describe('TrustedProxies', () => {
  const proxies = new TrustedProxies(['127.0.0.1', '10.0.0.0/8', '::1', 'fd00::/8']);

  it.each<[string, Record<string, string>, string]>([
    // from an unknown address nothing is believed
    ['203.0.113.9', { 'x-forwarded-for': '198.51.100.1' }, '203.0.113.9'],
    ['203.0.113.9', { forwarded: 'for=198.51.100.1' }, '203.0.113.9'],
    // one proxy, several, a range, IPv6
    ['127.0.0.1', {}, '127.0.0.1'],
    ['127.0.0.1', { 'x-forwarded-for': '198.51.100.1' }, '198.51.100.1'],
    ['::ffff:127.0.0.1', { 'x-forwarded-for': '198.51.100.1' }, '198.51.100.1'],
    ['10.1.2.3', { 'x-forwarded-for': '198.51.100.1, 10.9.9.9' }, '198.51.100.1'],
    ['::1', { 'x-forwarded-for': '2001:db8::7' }, '2001:db8::7'],
    ['fd00::2', { forwarded: 'for="[2001:db8::7]:4711";proto=https;by=x' }, '2001:db8::7'],
    ['127.0.0.1', { 'x-forwarded-for': '198.51.100.1:4711' }, '198.51.100.1'],
    // what the client itself puts in front is not believed
    ['127.0.0.1', { 'x-forwarded-for': '1.1.1.1, 198.51.100.1' }, '198.51.100.1'],
    ['127.0.0.1', { forwarded: 'for=1.1.1.1, For=198.51.100.1' }, '198.51.100.1'],
    ['127.0.0.1', { 'x-forwarded-for': '1.1.1.1, nonsense' }, '127.0.0.1'],
    ['127.0.0.1', { forwarded: 'for=unknown' }, '127.0.0.1'],
    ['127.0.0.1', { 'x-forwarded-for': '10.0.0.1, 10.0.0.2' }, '10.0.0.1'],
    // two fields that differ: one of them is the client's own
    ['127.0.0.1', { 'x-forwarded-for': '198.51.100.1', forwarded: 'for=1.1.1.1' }, '127.0.0.1'],
    ['127.0.0.1', { 'x-forwarded-for': '198.51.100.1', forwarded: 'for=198.51.100.1' }, '198.51.100.1'],
  ])('%s with %j is %s', (peer, headers, client) => {
    expect(proxies.clientOf(peer, headers)).toBe(client);
  });

  it('tells the scheme and the host, by trusted proxies only', () => {
    const headers = {
      host: 'inside:8000',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'media.example',
    };
    expect(proxies.saysHttps('127.0.0.1', headers)).toBe(true);
    expect(proxies.saysHttps('203.0.113.9', headers)).toBe(false);
    expect(proxies.saysHttps('127.0.0.1', { 'x-forwarded-proto': 'https, http' })).toBe(false);
    expect(proxies.saysHttps('127.0.0.1', { forwarded: 'for=1.2.3.4;proto=https' })).toBe(true);
    expect(proxies.saysHttps('127.0.0.1', {})).toBe(false);
    expect(proxies.hostOf('127.0.0.1', headers)).toBe('media.example');
    expect(proxies.hostOf('203.0.113.9', headers)).toBe('inside:8000');
  });

  it('trusts nobody by default', () => {
    const none = new TrustedProxies([]);
    expect(none.clientOf('127.0.0.1', { 'x-forwarded-for': '1.1.1.1' })).toBe('127.0.0.1');
    expect(none.clientOf(undefined, {})).toBe('');
  });

  it.each(['proxy.example', '10.0.0.0/33', '10.0.0/8', '::1/129', '1.2.3.4/8/8', '1.2.3.4/', ''])(
    'refuses %j',
    (text) => expect(() => new TrustedProxies([text])).toThrow(/^expects IP addresses/),
  );
});
