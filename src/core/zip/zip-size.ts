import { setImmediate } from 'node:timers/promises';
import { centralRecord, dataDescriptor, endRecords, localHeader } from './records.js';
import type { ZipMember } from './zip-member.js';

/** Members looked at before others get their turn: some two milliseconds. */
const SLICE = 500;

/** How many bytes the archive of these members will have, exactly. */
export async function zipSize(members: readonly ZipMember[]): Promise<number> {
  let offset = 0;
  let central = 0;
  for (const [index, member] of members.entries()) {
    if (index % SLICE === SLICE - 1) await setImmediate();
    central += centralRecord(member, 0, offset).length;
    offset += localHeader(member).length + member.size + dataDescriptor(member, 0).length;
  }
  return offset + central + endRecords(members.length, offset, central).length;
}
