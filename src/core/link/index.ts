export { LinkKeys, type LinkRefusal } from './link-keys.js';
export {
  isOpenedByLinks,
  linkedTarget,
  linkIdOf,
  linkPrefix,
  withoutTokens,
  type LinkedTarget,
} from './linked-path.js';
export { LINK_ID, MOST_SEGMENTS, type SignedLink } from './signed-link.js';
