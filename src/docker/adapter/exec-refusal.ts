import { EngineError, type OutputChunk } from '../port.ts'

/** The status that a detached start returns when the engine gives the reason as its answer. */
const BAD_REQUEST = 400

/** Filters output on its way to a listener. */
export interface Sieve {
  add(chunk: OutputChunk): void
  /** Call at the end of the output. @throws EngineError if the output is the engine's message about a command that it could not run */
  end(command: { hasBegun: boolean }): void
}

/**
 * If an engine has already begun its answer and then cannot run the command, it writes the reason into the output: in one piece, on
 * standard output, ending with `\r\n` (postContainerExecStart in moby's api/server/router/container/exec.go). The sieve holds back
 * such a first piece until it is clear whether it is the engine's or the command's.
 */
export function refusalSieve(pass: (chunk: OutputChunk) => void): Sieve {
  let held: OutputChunk | undefined
  let isFirst = true
  const release = () => {
    if (held) pass(held)
    held = undefined
  }
  return {
    add(chunk) {
      release()
      if (isFirst && mayBeRefusal(chunk)) held = chunk
      else pass(chunk)
      isFirst = false
    },
    end({ hasBegun }) {
      if (held && !hasBegun) throw new EngineError(textOf(held), BAD_REQUEST)
      release()
    },
  }
}

function mayBeRefusal(chunk: OutputChunk): boolean {
  return chunk.stream === 'stdout' && textOf(chunk).endsWith('\r\n')
}

function textOf({ payload }: OutputChunk): string {
  return Buffer.from(payload).toString('utf8')
}
