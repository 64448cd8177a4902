import { describe, expect, it } from '@jest/globals';
import { abilitiesOf } from './abilities.ts';

const playability = {
  data: '',
  contentType: '',
  browsers: [],
  configurations: [
    { track: 1, video: { contentType: 'video/mp4', width: null, height: 720, bitrate: 0, framerate: null } },
    { track: 2, audio: { contentType: 'audio/mp4', channels: '6', bitrate: null, samplerate: 44_100 } },
  ],
};

describe('what a browser says about tracks', () => {
  it('is asked in whole questions, with what is usual where the file says nothing', async () => {
    const asked: MediaDecodingConfiguration[] = [];
    const says = { supported: true, smooth: true, powerEfficient: false };
    const decodingInfo = (question: MediaDecodingConfiguration) => {
      asked.push(question);
      return Promise.resolve({ ...says, configuration: question, keySystemAccess: null });
    };
    const abilities = await abilitiesOf(playability, { decodingInfo });
    expect(asked).toEqual([
      {
        type: 'file',
        video: { contentType: 'video/mp4', width: 1280, height: 720, bitrate: 2_000_000, framerate: 25 },
      },
      {
        type: 'file',
        audio: { contentType: 'audio/mp4', channels: '6', bitrate: 128_000, samplerate: 44_100 },
      },
    ]);
    expect(abilities).toMatchObject([
      { track: 1, contentType: 'video/mp4', decoding: says },
      { track: 2, contentType: 'audio/mp4', decoding: says },
    ]);
  });

  it('is nothing where it cannot be asked, or answers with an error', async () => {
    const throws = { decodingInfo: () => Promise.reject(new TypeError('no')) };
    for (const capabilities of [undefined, throws])
      expect((await abilitiesOf(playability, capabilities)).map(({ decoding }) => decoding)).toEqual([
        undefined,
        undefined,
      ]);
  });
});
