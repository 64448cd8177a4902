/**
 * Scripts with the rights of the browser. The processes of the pages tell the parent what becomes a message of
 * an error (exceptions, violations of a policy); calls of `console.error` they must be asked for.
 */
const IN_EACH_PROCESS = `
  Services.obs.addObserver((subject) => {
    const message = subject.wrappedJSObject;
    if (message.level !== 'error' && message.level !== 'assert') return;
    const parts = message.arguments.map((part) => {
      try { return String(part); } catch { return 'something'; }
    });
    Services.cpmm.sendAsyncMessage('playhead:console', {
      text: parts.join(' '), file: message.filename,
    });
  }, 'console-api-log-event');
`;

export const WATCH_CONSOLE = `
  Services.ppmm.addMessageListener('playhead:console', ({ data }) => {
    (Services.playheadErrors ??= []).push(data);
  });
  Services.ppmm.loadProcessScript('data:application/javascript;charset=utf-8,' + ${JSON.stringify(
    encodeURIComponent(IN_EACH_PROCESS),
  )}, true);
  Services.console.reset();
`;

export const TAKE_ERRORS = `
  const messages = Services.console.getMessageArray().filter((message) =>
    message instanceof Ci.nsIScriptError &&
    !(message.flags & (Ci.nsIScriptError.warningFlag | Ci.nsIScriptError.infoFlag)) &&
    /^https?:/.test(message.sourceName));
  Services.console.reset();
  return messages.map((message) => message.sourceName + ' ' + message.lineNumber + ' ' + message.errorMessage);
`;
