const RUNTIME = /OCI runtime (?:\w+ failed|error): |^(?:runc|crun): /
/** Prefixes that Podman adds (libpod/define/errors.go). */
const PODMAN =
  /: OCI (?:runtime attempted to invoke a command that was not found|runtime command not found error|permission denied|not found)$/

/**
 * A container runtime's reason for not running a program, without the prefixes of the layers in between: `OCI runtime exec failed:
 * exec failed: unable to start container process: exec: "x": executable file not found in $PATH: unknown`. crun words it differently
 * (`crun: executable file `x` not found in $PATH: …`), and Podman adds prefixes to both. Other messages stay unchanged.
 */
export function runtimeWords(message: string): string {
  const [, missing] = /\bexecutable file `([^`]*)` not found in \$PATH/.exec(message) ?? []
  if (missing !== undefined) return `there is no program "${missing}": executable file not found in $PATH`
  if (!RUNTIME.test(message)) return message
  const reason = message
    .trim()
    .replace(PODMAN, '')
    .replace(
      /^(?:[\s\S]*?OCI runtime (?:\w+ failed|error): )?(?:(?:runc|crun): )?(?:\S+ \w+ failed: )?(?:exec failed: )?/,
      '',
    )
    .replace(/^unable to start container process: /, '')
    .replace(
      /^.*?starting container process caused:? "?(?:process_linux\.\S+: )?(.*?)"?(?=: unknown$|$)/,
      (_, cause: string) => cause.replaceAll('\\"', '"'),
    )
    .replace(/^error during container init: /, '')
    .replace(/: unknown$/, '')
  const [, directory] = /^chdir to cwd \("([\s\S]*?)"\) set in config\.json failed: no such file/.exec(reason) ?? []
  if (directory !== undefined) return `there is no directory "${directory}" to work in`
  const [, program, why = ''] = /^exec: "([\s\S]*?)": ([\s\S]*)$/.exec(reason) ?? []
  if (program === undefined) return reason
  if (/executable file not found|no such file or directory/.test(why)) return `there is no program "${program}": ${why}`
  if (/permission denied|is a directory/.test(why)) return `the program "${program}" may not be executed: ${why}`
  return `the program "${program}" cannot be run: ${why}`
}
