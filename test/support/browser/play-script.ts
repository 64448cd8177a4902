/**
 * What the probe does inside the page, as text: a function turned into text would carry along whatever
 * a compiler or a coverage tool had put into it, and the page has none of their helpers.
 *
 * Everything is judged by the element's state, never by an event alone: engines fire `seeked` after a
 * seek that they clamped to somewhere else, and `canplay` before a picture that never comes.
 */
export const PLAY_SCRIPT = `
  const { src, tag, seek, timeoutMs } = arguments[0];
  const start = performance.now();
  const elapsed = () => Math.round(performance.now() - start);
  const jsonSafe = (seconds) => (Number.isFinite(seconds) ? seconds : String(seconds));

  const element = document.createElement(tag);
  const report = {
    played: false,
    videoWidth: 0,
    videoHeight: 0,
    durationAtMetadata: null,
    duration: 'NaN',
    seekableEnd: null,
    seekTarget: null,
    seekedTo: null,
    playedAfterSeek: false,
    error: null,
    playRejected: null,
    startedAt: null,
    firstShownAt: null,
    seekingAt: null,
    seekedAt: null,
    events: [],
  };

  const NAMES = ['loadedmetadata', 'durationchange', 'canplay', 'playing', 'waiting', 'stalled', 'seeking', 'seeked', 'ended', 'error'];
  for (const name of NAMES) {
    element.addEventListener(name, () => {
      if (report.events.length < 60) report.events.push({ atMs: elapsed(), name, time: element.currentTime, duration: jsonSafe(element.duration) });
    });
  }
  const until = async (reached) => {
    while (!reached()) {
      if (element.error || elapsed() > timeoutMs) return false;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return true;
  };
  // The first value may be an estimate that is corrected within milliseconds: polling would miss it.
  const noteMetadata = () => (report.durationAtMetadata ??= jsonSafe(element.duration));
  element.addEventListener('loadedmetadata', noteMetadata);

  // Muted: without an audio device Firefox gives up on sound at once.
  element.muted = true;
  element.playsInline = true;
  element.preload = 'auto';
  document.body.replaceChildren(element);
  const noteShown = () => (report.firstShownAt ??= Date.now());
  if (tag === 'video') element.requestVideoFrameCallback(noteShown);
  else element.addEventListener('playing', noteShown);
  report.startedAt = Date.now();
  element.src = src;
  element.play().catch((error) => (report.playRejected = error.name));

  if (await until(() => element.readyState >= element.HAVE_METADATA)) {
    noteMetadata();
    report.played = await until(() => element.currentTime > 0.3 || element.ended);
  }
  if (report.played && seek > 0 && Number.isFinite(element.duration)) {
    report.seekTarget = element.duration * seek;
    report.seekingAt = Date.now();
    element.currentTime = report.seekTarget;
    if (await until(() => !element.seeking && element.readyState >= element.HAVE_CURRENT_DATA)) {
      const landed = element.currentTime;
      report.seekedAt = Date.now();
      report.seekedTo = landed;
      report.playedAfterSeek = await until(() => element.currentTime > landed + 0.2 || (element.ended && element.currentTime > landed));
    }
  }

  report.videoWidth = element.videoWidth || 0;
  report.videoHeight = element.videoHeight || 0;
  report.duration = jsonSafe(element.duration);
  report.seekableEnd = element.seekable.length > 0 ? jsonSafe(element.seekable.end(element.seekable.length - 1)) : null;
  if (element.error) report.error = { code: element.error.code, message: element.error.message };

  // A copy: what follows interrupts a play() that is still waiting, which is not for the report.
  const result = { ...report };
  // Lets go of the connection, so that the server under test can count what is still open.
  element.pause();
  element.removeAttribute('src');
  element.load();
  element.remove();
  return result;
`;
