/**
 * The exit code for a command that could not be run, as in shells and `docker run`: 127 if it does not exist, 126 if it cannot be
 * executed. Undefined if the engine's message is about something else.
 */
export function notRunCode(message: string): 126 | 127 | undefined {
  if (
    /executable file (?:`[^`]*` )?not found|there is no program|no such file or directory|stat .*: not a directory/i.test(
      message,
    )
  )
    return 127
  return /permission denied|may not be executed|is a directory|exec format error/i.test(message) ? 126 : undefined
}
