export { Coalescer } from './coalescer.js';
export { EventFeed, type FedEvent, type FeedEvent, type FeedLimits } from './event-feed.js';
export { eventFrame } from './event-frame.js';
export { RecentStates, type EntryState } from './recent-states.js';
