/** The description in `ENOENT: no such file or directory, open 'x'`, without the path, which may be that of a temporary file. */
export function reasonOf({ message }: Error): string {
  return /^(?:\w+ )?[A-Z]+: ([^,]+)/.exec(message)?.[1] ?? message
}
