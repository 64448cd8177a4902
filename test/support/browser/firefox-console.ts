/** What pages say with `console.error` goes to standard output, where each call begins a line. */
export const CONSOLE_TO_OUTPUT = {
  'browser.dom.window.dump.enabled': true,
  'devtools.console.stdout.content': true,
};

/** A script with the rights of the browser: forgets what was there before the pages under test. */
export const FORGET_ERRORS = 'Services.console.reset();';

/** The same for the messages of errors: exceptions, violations of the policy about content. */
export const TAKE_ERRORS = `
  const messages = Services.console.getMessageArray().filter((message) =>
    message instanceof Ci.nsIScriptError &&
    !(message.flags & (Ci.nsIScriptError.warningFlag | Ci.nsIScriptError.infoFlag)) &&
    /^https?:/.test(message.sourceName));
  Services.console.reset();
  return messages.map((message) => message.sourceName + ' ' + message.lineNumber + ' ' + message.errorMessage);
`;

/** The calls of `console.error` among the lines of standard output. */
export class SpokenErrors {
  private lines: string[] = [];
  private unfinished = '';

  take(output: string): void {
    const lines = (this.unfinished + output).split('\n');
    this.unfinished = lines.pop() ?? '';
    this.lines.push(...lines.filter((line) => line.startsWith('console.error: ')));
  }

  takeAll(): string[] {
    return this.lines.splice(0);
  }
}
