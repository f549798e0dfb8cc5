import type { Address } from '../stack/address.ts'

/** Details about a failure that a user would otherwise look up by hand. */
export interface FailureReport {
  subject: Address
  container?: string
  image?: string
  /** The line of a Dockerfile that failed: `/lab/sub/Dockerfile:3: RUN make`. */
  source?: string
  /** How the container exited, and the meaning of the code. */
  exit?: { code: number; meaning: string; oomKilled: boolean; restarts: number }
  /** The last health probe. */
  probe?: { command: string; exitCode: number; output: string; failures: number }
  /** The last lines of the container's log or of the build's output, oldest first. */
  log?: string[]
  /** A host port that is taken, and its holder. */
  port?: { port: string; holder: string }
  /** The services that wait for this one, nearest first. */
  waiting?: string[]
  /** Suggested remedies, most likely first. */
  tries: string[]
}
