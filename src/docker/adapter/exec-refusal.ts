import { EngineError, type OutputChunk } from '../port.ts'

/** As a detached start is answered, where the reason comes as the answer. */
const BAD_REQUEST = 400

/** Output on its way to a listener. */
export interface Sieve {
  add(chunk: OutputChunk): void
  /** All has come. @throws EngineError if the output is the engine's own words about a command that it could not run */
  end(command: { hasBegun: boolean }): void
}

/**
 * An engine that has begun to answer, and then cannot run the command, writes its reason where the output would be: in one piece, on the
 * standard output, with `\r\n` at its end (postContainerExecStart in moby's api/server/router/container/exec.go). Such a first piece is held
 * back until it is known what it is.
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
