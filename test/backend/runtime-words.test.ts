import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { runtimeWords } from '../../src/backend/runtime-words.ts'

const SHIM = 'failed to create shim task: OCI runtime create failed: runc create failed: '

/** Sentences of runc and crun under engines from 19.03 to 28. */
const SAID: [message: string, words: string][] = [
  [
    'OCI runtime exec failed: exec failed: unable to start container process: exec: "x": executable file not found in $PATH: unknown\r\n',
    'there is no program "x": executable file not found in $PATH',
  ],
  [
    `${SHIM}unable to start container process: exec: "a b": stat a b: no such file or directory: unknown`,
    'there is no program "a b": stat a b: no such file or directory',
  ],
  [
    'OCI runtime create failed: container_linux.go:349: starting container process caused "exec: \\"x\\": executable file not found": unknown',
    'there is no program "x": executable file not found',
  ],
  [
    `${SHIM}unable to start container process: exec: "/x": permission denied: unknown`,
    'the program "/x" may not be executed: permission denied',
  ],
  [
    `${SHIM}unable to start container process: error during container init: error mounting "/a" to rootfs at "/b": not a directory: unknown`,
    'error mounting "/a" to rootfs at "/b": not a directory',
  ],
  [
    'OCI runtime exec failed: exec failed: unable to start container process: chdir to cwd ("/srv") set in config.json failed: no such file or directory: unknown',
    'there is no directory "/srv" to work in',
  ],
  [
    'driver failed programming external connectivity on endpoint x',
    'driver failed programming external connectivity on endpoint x',
  ],
  [
    'crun: executable file `x` not found in $PATH: No such file or directory: OCI runtime attempted to invoke a command that was not found',
    'there is no program "x": executable file not found in $PATH',
  ],
  [
    'OCI runtime exec failed: crun: executable file `x` not found in $PATH: No such file or directory: unknown',
    'there is no program "x": executable file not found in $PATH',
  ],
  [
    'runc: runc create failed: unable to start container process: error during container init: exec: "x": executable file not found in $PATH: OCI runtime attempted to invoke a command that was not found',
    'there is no program "x": executable file not found in $PATH',
  ],
  [
    'OCI runtime error: crun: open executable: Permission denied: OCI permission denied',
    'open executable: Permission denied',
  ],
  [
    'unable to find user nobody: no matching entries in passwd file',
    'unable to find user nobody: no matching entries in passwd file',
  ],
  ['', ''],
]

for (const [message, words] of SAID) {
  test(`of a runtime's sentence, the cause is reported: ${words}`, () => assert.is(runtimeWords(message), words))
}

test.run()
