export { isPcm, waveCodecName } from './codec-name.js';
export { readWave, type Wave } from './wave.js';
export { measureWave, type WaveSizes } from './wave-sizes.js';
