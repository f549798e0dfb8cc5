/** Of `ENOENT: no such file or directory, open 'x'` the words: the call may have been about a file beside. */
export function reasonOf({ message }: Error): string {
  return /^(?:\w+ )?[A-Z]+: ([^,]+)/.exec(message)?.[1] ?? message
}
