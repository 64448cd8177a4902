import { describe, expect, it } from '@jest/globals';
import { SpeedMeter, timeLeft } from './speed.ts';

describe('SpeedMeter', () => {
  it('says nothing until it can', () => {
    const meter = new SpeedMeter();
    meter.add(0, 0);
    meter.add(1000, 0.6);
    expect(meter.speed).toBeUndefined();
    meter.add(2000, 1.2);
    expect(meter.speed).toBeCloseTo(2000 / 1.2);
  });

  it('forgets what is long ago', () => {
    const meter = new SpeedMeter();
    for (let at = 0; at <= 20; at++) meter.add(at * 100, at);
    for (let at = 21; at <= 60; at++) meter.add(2000 + (at - 20) * 1000, at);
    expect(meter.speed).toBeCloseTo(1000);
  });

  it('is calm when bytes come in bursts', () => {
    const meter = new SpeedMeter();
    const speeds = [];
    for (let at = 0; at <= 40; at++) {
      meter.add(Math.floor(at / 2) * 2000, at);
      if (at > 20) speeds.push(meter.speed ?? 0);
    }
    expect(Math.min(...speeds)).toBeGreaterThan(800);
    expect(Math.max(...speeds)).toBeLessThan(1200);
  });

  it('begins anew when bytes were lost', () => {
    const meter = new SpeedMeter();
    for (let at = 0; at <= 5; at++) meter.add(at * 1000, at);
    meter.add(1000, 6);
    expect(meter.speed).toBeUndefined();
    meter.add(2000, 7);
    expect(meter.speed).toBeCloseTo(1000);
  });

  it('does not count a pause', () => {
    const meter = new SpeedMeter();
    for (let at = 0; at <= 5; at++) meter.add(at * 1000, at);
    meter.reset();
    for (let at = 0; at <= 2; at++) meter.add(5000 + at * 1000, 600 + at);
    expect(meter.speed).toBeCloseTo(1000);
  });
});

describe('timeLeft', () => {
  it.each([
    [3_200, 4],
    [0, 1],
    [42_000, 45],
    [100_000, 120],
    [3_599_000, 3600],
  ])('of %d bytes at 1000 a second is %d s', (bytes, seconds) => {
    expect(timeLeft(bytes, 1000)).toBe(seconds);
  });

  it('is not known when nothing moves', () => {
    expect(timeLeft(5, 0)).toBeUndefined();
    expect(timeLeft(5, undefined)).toBeUndefined();
  });
});
