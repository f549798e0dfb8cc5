/**
 * Every kind of problem that flotilla reports, with a description of its code. Codes are stable: scripts and editors may match them,
 * so a code is never reused with another meaning.
 */
export const CODES = {
  // reading files
  'file-missing': 'a stack file, env file or other named file does not exist',
  'file-unreadable': 'a file exists but cannot be read as text (a directory, permissions, not UTF-8)',
  'file-empty': 'a stack file holds no document',
  'several-files': 'several stack files lie in one directory; the first by precedence is used',
  'remote-unavailable': 'a stack file in a registry or a Git repository cannot be fetched',
  'no-stack-file': 'no stack file was found from the working directory upwards',
  // YAML
  'yaml-syntax': 'the text is not well-formed YAML',
  'yaml-duplicate-key': 'one mapping holds the same key twice',
  'yaml-alias': 'an alias is unknown, recursive, or expands to too many nodes',
  'yaml-unsupported':
    'well-formed YAML that a stack file cannot hold (several documents, a non-string key, an unknown tag)',
  // variables
  'interpolation-syntax': 'a ${…} expression cannot be parsed',
  'variable-required': 'a variable marked as required is unset or empty',
  'variable-unset': 'a variable is not set and defaults to an empty string',
  'env-file-syntax': 'a line of an env file cannot be parsed',
  // shape
  'unknown-key': 'a key that the stack file format does not know at this place',
  'wrong-type': 'a value of another type than the format asks for',
  'invalid-value': 'a value of the right type that is out of range or malformed',
  'missing-key': 'a required key is missing',
  'conflicting-keys': 'two keys that exclude each other',
  // references
  'unknown-service': 'a service is named that the stack does not declare',
  'unknown-resource': 'a volume, network, secret or config is used that the stack does not declare',
  'dependency-cycle': 'services depend on each other in a circle',
  'no-image': 'a service has neither image nor build',
  'extends-failed': 'an extends or include cannot be resolved',
  // clashes with the world
  'port-taken-twice': 'two services publish the same host port',
  'path-missing': 'a build context, Dockerfile, secret or config file does not exist',
  // deprecations and limits
  obsolete: 'accepted and ignored, for old files',
  'not-supported': 'part of the format that this backend or engine cannot carry out',
  // the engine
  'engine-unreachable': 'no Docker engine answers',
  'engine-error': 'the engine refused or failed a call',
  'engine-warning': 'the engine did what it was asked, but with a warning',
  'image-unavailable': 'an image can be neither found nor pulled nor built',
  'image-in-use': 'an image is kept, since containers still use it',
  'publish-refused': 'a stack cannot be published as it is',
  'pack-refused': 'a pack is damaged, incomplete, unsafe or not signed as it must be; nothing of it is used',
  'pack-failed': 'a pack cannot be written',
  'snapshot-damaged': 'the store of snapshots on this machine does not hold what was written to it',
  'unknown-snapshot': 'a snapshot is named that the store does not hold',
  'push-failed': 'an image could not be sent to its registry',
  'build-failed': 'an image build failed',
  'image-stale': 'the sources of an image were changed after it was built',
  'container-exited': 'a container that others wait for ended',
  'container-unhealthy': 'a container that others wait for is unhealthy',
  'start-failed': 'the engine could not start a container',
  'provider-failed': 'an external program that provides a service, or a model, failed or is missing',
  'hook-failed': 'a command that is declared to run around the start or stop of a container failed',
  'no-container': 'a command needs containers, but there are none',
  'copy-failed': 'a file or folder cannot be copied into a container or out of one',
  'nothing-to-watch': 'watch rules have nothing to do',
  'watch-failed': 'files cannot be watched, or a change to one cannot be applied',
  'no-address-pool': 'the engine has no range of addresses left for another network',
  'port-in-use': 'a host port is held by another container or process',
  'address-in-use': 'a fixed address in a network is held by another container, or may be',
  'foreign-resource': 'a name is taken by something that belongs to someone else',
  'data-changed': 'a discarded container had already run on data that is kept',
  'database-version': 'a database server cannot read the data that it is to start on',
  'database-initialised':
    'a setting that only counts while the volume of a database is empty was changed or added later',
  'data-unkept': 'a database keeps its data outside of named volumes: it is lost with its container',
  'unpack-failed': 'a pack cannot be unpacked here',
  'half-unpacked': 'a volume holds only a part of what a pack has for it, because unpacking was interrupted',
  'volume-differs': 'an existing volume does not match its declaration; it is left as it is',
  orphans: 'containers of this project that the stack no longer declares',
  'one-off-ended': 'a command that was started with run is ended while it runs',
  'other-directory': 'the project was brought up from another directory',
  'from-labels': 'labels, rather than a stack file, say what belongs to the project',
  'wait-timeout': 'a wait took longer than it was allowed to',
  interrupted: 'the command was stopped by the user',
  moved: 'something was changed by others while the command was running',
  'state-unwritable': 'the state that commands share cannot be written to the state directory',
  locked: 'another flotilla command works on this project',
  // the lock file
  'lock-missing': 'there is no lock file beside the stack file',
  'lock-invalid': 'a lock file cannot be used as it is',
  'lock-differs': 'the stack, its files or its images are not what the lock file says',
  // the command line
  usage: 'the command line is wrong',
  'remote-unconfirmed': 'a stack from elsewhere would use variables of this machine, which nobody has confirmed',
} as const

export type Code = keyof typeof CODES
