/** What the shell is told when Ctrl-C ended a command: 128 + SIGINT. */
export const INTERRUPTED = 130
