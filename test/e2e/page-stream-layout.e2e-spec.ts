import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Layout, readLayout } from '../../web/src/screens/inspect/stream-boxes.js';
import { type FaultyServer, startFaultyServer } from '../support/faulty-server.js';
import { type Playhead, startPlayhead } from '../support/playhead.js';
import { SAMPLES } from '../support/samples.js';

describe('the boxes of what is sent, as the page finds them', () => {
  let playhead: Playhead;
  let faulty: FaultyServer;
  beforeAll(async () => {
    playhead = await startPlayhead({ root: SAMPLES });
    faulty = await startFaultyServer({ 'no-ranges': { ranges: false }, good: {} });
  });
  afterAll(async () => {
    await playhead.close();
    await faulty.close();
  });

  const signal = AbortSignal.timeout(20_000);
  const layoutOf = async (file: string): Promise<{ stored: Layout; sent: Layout | undefined }> => {
    const { json } = await playhead.http.send(`/api/v1/inspections/${file}`);
    const stored = json as unknown as Layout;
    return { stored, sent: await readLayout(`${playhead.url}/stream/${file}`, stored, signal) };
  };
  const types = (layout: Layout | undefined) => layout?.boxes.map(({ type }) => type);

  it('have the index in front of the media', async () => {
    const { stored, sent } = await layoutOf('video/mp4-moov-last.mp4');
    expect(types(stored)).toEqual(['ftyp', 'free', 'mdat', 'moov']);
    expect(types(sent)).toEqual(['ftyp', 'moov', 'free', 'mdat']);
    expect(sent?.size).toBe(stored.size);
  });

  it('follow each other up to the end, with an index of the fragments', async () => {
    const { sent } = await layoutOf('video/mp4-fragmented.mp4');
    expect(types(sent)?.slice(0, 4)).toContain('sidx');
    let end = 0;
    for (const { offset, size } of sent?.boxes ?? []) {
      expect(offset).toBe(end);
      end += size;
    }
    expect(end).toBe(sent?.size);
  });

  it('are not read again where the rest is as it was', async () => {
    const none = { boxes: [], size: 0 };
    const whole = await readLayout(faulty.url('good'), none, signal);
    const before = faulty.requests.length;
    const again = await readLayout(faulty.url('good'), whole ?? none, signal);
    expect(again).toEqual(whole);
    // ftyp, moov and what is between them: the media is what it was.
    expect(faulty.requests.length - before).toBe((types(whole)?.indexOf('mdat') ?? 0) + 1);
  });

  it('cannot be found out without ranges', async () => {
    const none = { boxes: [], size: 0 };
    expect(await readLayout(faulty.url('no-ranges'), none, signal)).toBeUndefined();
  });
});
