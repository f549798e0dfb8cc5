/** What engines 20.10 and 28 were seen to say of a command in a container whose program was just ending, with runc 1.1 and 1.3. */
export const ENDED: string[] = [
  'cannot exec in a stopped state: unknown',
  'cannot exec in a deleted state: unknown',
  'cannot exec in a stopped state',
  'container is not running',
  'container 6f1e is not running',
  'task 6f1e not found: not found',
  'ttrpc: closed',
  'FailedPrecondition: container 6f1e init process is not running: failed precondition',
  'OCI runtime exec failed: exec failed: cannot exec in a stopped container: unknown',
  'OCI runtime exec failed: exec failed: cannot exec in a stopped container',
  ...[
    'error executing setns process: exit status 1',
    'error executing setns process: signal: broken pipe',
    'error writing config to pipe: write init-p: broken pipe',
    'read init-p: connection reset by peer',
    'procReady not received',
    'reading from parent failed: fetch packet length from socket: recvfrom: connection reset by peer',
  ].map((why) => `OCI runtime exec failed: exec failed: unable to start container process: ${why}`),
  'OCI runtime exec failed: exec failed: unable to create new parent process: namespace path: lstat /proc/46/ns/ipc: no such file or directory',
]

/** What they say of one that can run in no container, and goes on. */
export const UNKNOWN_PROGRAM: string[] = [
  'exec: "nosuch": executable file not found in $PATH',
  'exec: "/etc/passwd": permission denied',
  'exec: "/etc": is a directory: permission denied',
  'chdir to cwd ("/nosuch") set in config.json failed: no such file or directory',
].flatMap((why) => {
  const words = `OCI runtime exec failed: exec failed: unable to start container process: ${why}`
  return [words, `${words}: unknown`]
})
