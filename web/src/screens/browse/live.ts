/** How often the listing is fetched anew at most while things change, in milliseconds. */
const AT_MOST_EVERY = 500;
/** A page that nobody sees for so long stops listening. */
const UNSEEN = 60_000;
/** When the server refused to tell, or cannot: how often it is asked instead. */
const POLL = 30_000;

export interface Listener {
  /** Something may have changed. */
  readonly onchange: () => void;
  /** Perhaps nothing has: it costs less to ask than to fetch everything. */
  readonly oncheck: () => void;
  /** @param to its new path, where it was moved */
  readonly onremoved: (path: string, to: string | undefined) => void;
}

/** Listens to what happens directly in a folder, as long as somebody sees the page. @returns what ends it */
export function listenTo(path: string, listener: Listener): () => void {
  let source: EventSource | undefined;
  let pending: ReturnType<typeof setTimeout> | undefined;
  let unseen: ReturnType<typeof setTimeout> | undefined;
  let last = 0;
  let canTell = false;

  const changed = () => {
    pending ??= setTimeout(
      () => {
        pending = undefined;
        last = performance.now();
        listener.onchange();
      },
      Math.max(0, last + AT_MOST_EVERY - performance.now()),
    );
  };
  const connect = () => {
    const query = new URLSearchParams({ path, recursive: 'false' });
    source = new EventSource(`/api/v1/events?${query.toString()}`);
    for (const name of ['entry-created', 'entry-changed', 'reset']) source.addEventListener(name, changed);
    source.addEventListener('entry-removed', (event: MessageEvent<string>) => {
      const { path: gone, movedTo } = JSON.parse(event.data) as { path: string; movedTo?: string };
      listener.onremoved(gone, movedTo);
      changed();
    });
    source.addEventListener('status', (event: MessageEvent<string>) => {
      canTell = (JSON.parse(event.data) as { live: boolean }).live;
      // What happened between the listing and now has not been told.
      listener.oncheck();
    });
    source.addEventListener('error', () => {
      canTell = false;
    });
  };
  const disconnect = () => {
    source?.close();
    source = undefined;
    canTell = false;
  };
  const seen = () => {
    clearTimeout(unseen);
    if (document.visibilityState === 'hidden') unseen = setTimeout(disconnect, UNSEEN);
    else if (!source || source.readyState === EventSource.CLOSED) connect();
  };
  const poll = setInterval(() => {
    if (canTell || document.visibilityState === 'hidden') return;
    if (source?.readyState === EventSource.CLOSED) connect();
    else listener.oncheck();
  }, POLL);

  document.addEventListener('visibilitychange', seen);
  // A page that is kept for the way back keeps its connection too, and a browser has only six for a server.
  addEventListener('pagehide', disconnect);
  addEventListener('pageshow', seen);
  seen();
  return () => {
    document.removeEventListener('visibilitychange', seen);
    removeEventListener('pagehide', disconnect);
    removeEventListener('pageshow', seen);
    clearInterval(poll);
    clearTimeout(pending);
    clearTimeout(unseen);
    disconnect();
  };
}
