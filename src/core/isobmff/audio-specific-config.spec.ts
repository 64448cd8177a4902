import { describe, expect, it } from '@jest/globals';
import { parseAudioSpecificConfig } from './audio-specific-config.js';

/** Bits as text, in groups for the reader, to bytes. */
function bits(text: string): Uint8Array {
  const digits = text.replaceAll(' ', '');
  return Uint8Array.from(digits.match(/.{1,8}/g) ?? [], (byte) => parseInt(byte.padEnd(8, '0'), 2));
}

describe('AudioSpecificConfig', () => {
  it.each<[string, string, number, number | null, number | null]>([
    ['AAC LC, stereo', '00010 0011 0010 000', 2, 48_000, 2],
    ['AAC LC, 5.1', '00010 0100 0110 000', 2, 44_100, 6],
    ['7.1 by configuration 7', '00010 0011 0111 000', 2, 48_000, 8],
    ['6.1 by configuration 11', '00010 0011 1011 000', 2, 48_000, 7],
    ['a rate in full', `00010 1111 ${(50_000).toString(2).padStart(24, '0')} 0001 000`, 2, 50_000, 1],
    ['a reserved rate', '00010 1101 0001 000', 2, null, 1],
    ['a reserved configuration', '00010 0011 1111 000', 2, 48_000, null],
    ['HE-AAC', '00101 0110 0010 0011 00010 000', 5, 48_000, 2],
    ['HE-AAC v2: mono becomes stereo', '11101 0110 0001 0011 00010 000', 29, 48_000, 2],
    ['HE-AAC signalled behind', '00010 0110 0010 000 01010110111 00101 1 0011', 2, 48_000, 2],
    [
      'HE-AAC v2 signalled behind',
      '00010 0110 0001 000 01010110111 00101 1 0011 10101001000 1',
      2,
      48_000,
      2,
    ],
    ['no SBR signalled behind', '00010 0110 0001 000 01010110111 00101 0', 2, 24_000, 1],
    ['xHE-AAC by escape', '11111 001010 0011 0010', 42, 48_000, 2],
    [
      'a program config element: a pair, a single one and a low frequency one',
      '00010 0011 0000 000 0000 01 0011 0010 0000 0000 01 000 0000 0 0 0 1 0000 0 0001 0000 0 00000000',
      2,
      48_000,
      4,
    ],
    ['a program config element cut off', '00010 0011 0000 000 0000', 2, 48_000, null],
  ])('%s', (_, text, audioObjectType, sampleRate, channels) => {
    expect(parseAudioSpecificConfig(bits(text))).toEqual({ audioObjectType, sampleRate, channels });
  });

  it.each(['', '00010'])('is nothing when cut off: "%s"', (text) => {
    expect(parseAudioSpecificConfig(bits(text))).toBeUndefined();
  });
});
