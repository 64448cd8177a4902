export { writeZip, type ZipContent } from './write-zip.js';
export type { ZipMember } from './zip-member.js';
export { zipSize } from './zip-size.js';
