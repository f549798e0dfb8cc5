import { ownCommand, shellCommand } from '../../diagnostics/own-command.ts'

/** Error messages of the engine, with remedies in the stack file. */
const REMEDIES: [RegExp, string][] = [
  [
    /executable file not found|no such file or directory.*exec|exec:.*no such file/,
    'check `command` and `entrypoint`: the image has no such program',
  ],
  [
    /exec format error|no matching manifest for|does not match the specified platform/,
    'the image is built for another CPU architecture: set `platform`, or build it for this one',
  ],
  [
    /unknown operating system or architecture|platform specifier/,
    'write `platform`, or the variable DOCKER_DEFAULT_PLATFORM, as linux/amd64 or linux/arm64/v8',
  ],
  [/permission denied/, 'the program, or what is mounted over it, may not be executed: check its permissions'],
  [/not a directory/, 'a file is mounted over a directory, or the other way round: check `volumes`'],
  [/bind source path does not exist/, 'create that path on the machine of the engine, or correct it under `volumes`'],
  [/no space left/, 'the disk is full: remove what is not needed; `docker system df` shows what uses the space'],
  [
    /task \w+: already exists/,
    'the engine crashed while starting this and lost track of its process: end it (`ctr -n moby tasks rm -f ID`), then run this again',
  ],
  [
    /network .* not found/,
    `the network was removed: \`${ownCommand('up')}\` creates it again, and connects the containers to it`,
  ],
  [
    /plugin ".*" not found/,
    'the engine has no such driver: correct `driver`, or install its plugin (docker plugin install)',
  ],
  [
    /[Pp]ool overlaps with other one/,
    'another network has these addresses (`docker network inspect` shows them): declare another `subnet`, or remove that network',
  ],
  [/no such host/, "check the spelling of the registry's name, and that this machine can look it up"],
  [/connection refused|i\/o timeout|TLS handshake/, 'check that the registry runs, and that this machine reaches it'],
  [/manifest unknown|manifest for .* not found/, 'check the tag: the registry has no such version of the image'],
  [
    /access (to the resource is )?denied|unauthorized|no basic auth/,
    `check the spelling of the image, and log in to its registry (${shellCommand('docker login')}) if it is private`,
  ],
]

/** Suggestions for an engine's error message, most likely first; none if the message needs no explanation. */
export function remediesFor(message: string): string[] {
  return REMEDIES.filter(([pattern]) => pattern.test(message)).map(([, remedy]) => remedy)
}
